/** Networks of torchvision's architectures, exported by PyTorch: every exit gives what PyTorch's modules give. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseCard } from '../card.ts';
import { product } from '../cost.ts';
import { worstShare } from '../definition.ts';
import { loadNetwork, type Network } from '../network.ts';
import { openOnnx } from './index.ts';

const python = '/usr/bin/python3';
const hasTorch = spawnSync(python, ['-c', 'import torch']).status === 0;
const script = fileURLToPath(new URL('testing/architectures.py', import.meta.url));
const CLASSES = 7;

const NAMES = ['resnet', 'resnet50', 'resnext', 'regnet', 'mobilenet_v2', 'mobilenet_v3']
  .concat(['mnasnet', 'efficientnet', 'shufflenet', 'squeezenet', 'googlenet', 'densenet'])
  .concat(['vgg', 'convnext']);

/** Stages at which a person would put exits. */
const EXITS: Readonly<Record<string, readonly string[]>> = {
  resnet: [
    'conv1',
    'layer1.0',
    'layer1.1',
    'layer2.0',
    'layer2.1',
    'layer3.0',
    'layer3.1',
    'classifier',
  ],
  regnet: ['conv1', 'layer1.0', 'layer1.1', 'layer2.0', 'layer2.1', 'classifier'],
  efficientnet: ['features.0.0', 'features.1', 'features.3', 'classifier'],
  mobilenet_v3: ['features.0.0', 'features.3', 'classifier'],
  googlenet: ['conv1.0', 'inception3a', 'inception3b', 'inception4a', 'classifier'],
  shufflenet: ['conv1.0', 'stage2.0', 'stage2.1', 'stage2.2', 'classifier'],
  convnext: ['features.0.0', 'features.1', 'features.2', 'features.4', 'classifier'],
};

let folder = '';

beforeAll(async () => {
  await tf.setBackend('wasm');
  if (!hasTorch) return;
  folder = mkdtempSync(join(tmpdir(), 'offramp-onnx-'));
  const { status, stderr } = spawnSync(python, [script, folder], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}, 600_000);

afterAll(() => {
  if (folder) rmSync(folder, { recursive: true });
});

const card = (classes = CLASSES) =>
  parseCard({
    id: 'converted',
    classes: Array.from({ length: classes }, (_, k) => `class ${k}`),
    input: { size: 32, channels: 3, mean: [0, 0, 0], std: [1, 1, 1] },
  });

interface Golden {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Outputs of all modules as PyTorch gave them, by their paths. */
function goldenOf(name: string): Map<string, Golden> {
  const shapes = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as Record<
    string,
    number[]
  >;
  const numbers = new Float32Array(
    new Uint8Array(readFileSync(join(folder, `${name}.bin`))).buffer,
  );
  let at = 0;
  return new Map(
    Object.entries(shapes).map(([key, shape]) => {
      const values = numbers.subarray(at, (at += product(shape)));
      return [key, { shape, values }];
    }),
  );
}

function open(name: string) {
  const bytes = new Uint8Array(readFileSync(join(folder, `${name}.onnx`)));
  return openOnnx(`${name}.onnx`, bytes);
}

const load = (name: string, tensorsOnly: boolean): Promise<Network> =>
  loadNetwork({ card: card(), ...open(name) }, { tensorsOnly });

describe.skipIf(!hasTorch)('a network from PyTorch', () => {
  it.each(NAMES)(
    '%s gives what PyTorch gives at every exit',
    async (name) => {
      const golden = goldenOf(name);
      const { shape, values } = golden.get('input')!;
      for (const tensorsOnly of [false, true]) {
        const network = await load(name, tensorsOnly);
        const x = tf.tensor(values, [...shape]);
        const outputs = network.forward(x);
        for (const [j, output] of outputs.entries()) {
          const stage = network.stages[j]!;
          const got = output.dataSync<'float32'>();
          const last = j === outputs.length - 1;
          const others = last ? [golden.get('output 0')!] : [...golden.values()];
          const nearest = Math.min(
            ...others
              .filter((of) => of.values.length === got.length)
              .map((of) => worstShare(got, of.values)),
          );
          expect(nearest, `${stage.name} of ${name}`).toBeLessThan(1e-4);
        }
        const branches = network.branchLogits(outputs);
        expect(branches).toHaveLength(name === 'googlenet' ? 1 : 0);
        for (const branch of branches)
          expect(
            worstShare(branch.dataSync<'float32'>(), golden.get('output 1')!.values),
          ).toBeLessThan(1e-4);
        const names = network.stages.map((stage) => stage.name);
        expect(new Set(names).size).toBe(names.length);
        if (EXITS[name]) expect(names).toEqual(EXITS[name]);
        tf.dispose([x, ...outputs, ...branches]);
        network.dispose();
      }
    },
    120_000,
  );
});
