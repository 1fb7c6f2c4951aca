/** Costs of whole networks against numbers worked out by hand and those of METHODS: 234.95 M, 464.33 M. */
import { describe, expect, it } from 'vitest';
import { nodeFlops } from './cost.ts';
import type { Graph, GraphNode } from './graph.ts';
import { findStages } from './stages.ts';

/** A torchvision-style ResNet at 32×32 as a graph without weights. */
class Topology {
  readonly nodes: GraphNode[] = [];

  add(name: string, kind: string, inputs: number[], shape: number[], config = {}): number {
    const weights = { roles: [], shape: () => null, values: () => null };
    this.nodes.push({ name, kind, weights, layer: null, config, inputs, shape });
    return this.nodes.length - 1;
  }

  conv(name: string, x: number, filters: number, kernel: number, stride = 1): number {
    const [height, width] = this.nodes[x]!.shape;
    const shape = [Math.ceil(height! / stride), Math.ceil(width! / stride), filters];
    const y = this.add(name, 'Conv2D', [x], shape, { kernelSize: [kernel, kernel] });
    return this.add(`${name}.bn`, 'BatchNormalization', [y], shape);
  }

  relu(name: string, x: number): number {
    return this.add(name, 'Activation', [x], [...this.nodes[x]!.shape], { activation: 'relu' });
  }
}

function resnet(blocks: number[], bottleneck: boolean, widen = 1): Graph {
  const net = new Topology();
  let x = net.add('input', 'InputLayer', [], [32, 32, 3]);
  x = net.relu('relu1', net.conv('conv1', x, 64, 7, 2));
  x = net.add('pool', 'MaxPooling2D', [x], [8, 8, 64], {});
  blocks.forEach((count, g) => {
    const base = 64 * 2 ** g;
    for (let b = 0; b < count; b++) {
      const name = `layer${g + 1}.${b}`;
      const stride = b === 0 && g > 0 ? 2 : 1;
      const out = bottleneck ? 4 * base : base;
      let y: number;
      if (bottleneck) {
        const inner = base * widen;
        y = net.relu(`${name}.relu1`, net.conv(`${name}.conv1`, x, inner, 1));
        y = net.relu(`${name}.relu2`, net.conv(`${name}.conv2`, y, inner, 3, stride));
        y = net.conv(`${name}.conv3`, y, out, 1);
      } else {
        y = net.relu(`${name}.relu1`, net.conv(`${name}.conv1`, x, out, 3, stride));
        y = net.conv(`${name}.conv2`, y, out, 3);
      }
      const needs = stride > 1 || net.nodes[x]!.shape[2] !== out;
      const skip = needs ? net.conv(`${name}.downsample.conv`, x, out, 1, stride) : x;
      x = net.relu(
        `${name}.relu`,
        net.add(`${name}.add`, 'Add', [y, skip], [...net.nodes[y]!.shape]),
      );
    }
  });
  const [, , features] = net.nodes[x]!.shape;
  x = net.add('avgpool', 'GlobalAveragePooling2D', [x], [features!]);
  net.add('fc', 'Dense', [x], [10]);
  return net.nodes;
}

function stageFlops(graph: Graph): number[] {
  return findStages(graph).map(({ first, last }) => {
    let flops = 0;
    for (let i = first; i <= last; i++) flops += nodeFlops(graph, i);
    return flops;
  });
}

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

describe('cost per stage', () => {
  it('is that of ResNet-18 at 32×32, worked out by hand', () => {
    const graph = resnet([2, 2, 2, 2], false);
    const names = ['1.0', '1.1', '2.0', '2.1', '3.0', '3.1', '4.0', '4.1'].map((n) => `layer${n}`);
    expect(findStages(graph).map((stage) => stage.name)).toEqual(['conv1', ...names, 'classifier']);
    const plain = 2 * (9 * 64 * 64 * 8 * 8) * 2; // two 3×3 convolutions; the same in every group
    const first = 2 * (9 * 64 * 128 * 16 + 9 * 128 * 128 * 16 + 64 * 128 * 16);
    expect(stageFlops(graph)).toEqual([
      2 * 7 * 7 * 3 * 64 * 16 * 16,
      plain,
      plain,
      first,
      plain,
      first,
      plain,
      first,
      plain,
      2 * 512 * 10,
    ]);
    expect(sum(stageFlops(graph)) / 2).toBe(37_016_576);
  });

  it('is 234.95 M multiply-accumulates for ResNet-152, over 52 exits', () => {
    const flops = stageFlops(resnet([3, 8, 36, 3], true));
    expect(flops).toHaveLength(52);
    expect((sum(flops) / 2e6).toFixed(2)).toBe('234.95');
  });

  it('is 464.33 M multiply-accumulates for WideResNet-101-2, over 35 exits', () => {
    const flops = stageFlops(resnet([3, 4, 23, 3], true, 2));
    expect(flops).toHaveLength(35);
    expect((sum(flops) / 2e6).toFixed(2)).toBe('464.33');
  });
});
