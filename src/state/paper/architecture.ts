/**
 * Exits, sizes and costs of a ResNet from its description alone, so that what depends on shapes can be computed for
 * networks that nobody has trained yet: torchvision's shape, 7×7 stride-2 stem and 3×3 stride-2 max-pool, fed 32×32
 * images; maps of 16×16 after the stem and 8×8, 4×4, 2×2, 1×1 in the four layers.
 */
import { convFlops, denseFlops, distanceFlops } from '../../core/flops.ts';
import type { Exit } from '../../core/trace.ts';
import { frozen } from './frozen.ts';
import type { PaperNetwork } from './numbers.ts';

export interface Architecture {
  /** Two 3×3 convolutions, or 1×1, 3×3, 1×1 with four times as many channels out. */
  readonly block: 'basic' | 'bottleneck';
  /** Blocks in the four layers. */
  readonly counts: readonly [number, number, number, number];
  /** Factor of a bottleneck's inner channels. */
  readonly widen: number;
  /** Factor of all channels. */
  readonly width: number;
}

export const ARCHITECTURES: Readonly<Record<PaperNetwork, Architecture>> = frozen({
  resnet18: { block: 'basic', counts: [2, 2, 2, 2], widen: 1, width: 1 },
  resnet152: { block: 'bottleneck', counts: [3, 8, 36, 3], widen: 1, width: 1 },
  wideresnet101: { block: 'bottleneck', counts: [3, 4, 23, 3], widen: 2, width: 1 },
});

/** What E2CM sees of a network, and what the network is made of. */
export interface Shapes {
  /** E2CM's exits: cumulative FLOPs with the distances of every exit but the classifier, which takes the network's own answer. */
  readonly exits: readonly Exit[];
  readonly networkFlops: number;
  /** Trained numbers: kernels, biases, scales and shifts of batch norm; not its running statistics. */
  readonly parameters: number;
}

/** One tapped stage, before it is known what comes before it. */
interface Stage {
  readonly name: string;
  readonly flops: number;
  readonly parameters: number;
  readonly size: number;
}

const SIDES = [8, 4, 2, 1] as const;

/** Exits, costs and parameters of a network fed 32×32 images of `channels` channels in `classes` classes. */
export function shapesOf(
  { block, counts, widen, width }: Architecture,
  channels: number,
  classes: number,
): Shapes {
  const planes = [64, 128, 256, 512].map((n) => Math.max(1, Math.round(n * width)));
  const expansion = block === 'basic' ? 1 : 4;
  const stem = convolution(7, channels, planes[0]!, 16);
  const stages: Stage[] = [{ name: 'conv1', ...stem, size: planes[0]! * 16 * 16 }];
  let channelsIn = planes[0]!;
  counts.forEach((count, layer) => {
    const side = SIDES[layer]!;
    const out = planes[layer]! * expansion;
    for (let n = 0; n < count; n++) {
      // The first block of every layer but the first comes from maps twice as wide.
      const sideIn = n === 0 && layer > 0 ? 2 * side : side;
      const parts =
        block === 'basic'
          ? [convolution(3, channelsIn, out, side), convolution(3, out, out, side)]
          : bottleneck(channelsIn, planes[layer]! * widen, out, sideIn, side);
      if (sideIn !== side || channelsIn !== out) parts.push(convolution(1, channelsIn, out, side));
      stages.push({ name: `layer${layer + 1}.${n}`, ...sum(parts), size: out * side * side });
      channelsIn = out;
    }
  });
  stages.push({
    name: 'classifier',
    flops: denseFlops(channelsIn, classes),
    parameters: (channelsIn + 1) * classes,
    size: classes,
  });
  return { ...cumulative(stages, classes), ...sumOf(stages) };
}

function cumulative(stages: readonly Stage[], classes: number): { exits: Exit[] } {
  let flops = 0;
  const exits = stages.map((stage, j) => {
    flops += stage.flops;
    if (j < stages.length - 1) flops += distanceFlops(classes, stage.size);
    return { name: stage.name, stage: j, flops, size: stage.size };
  });
  return { exits };
}

function sumOf(stages: readonly Stage[]): { networkFlops: number; parameters: number } {
  const { flops, parameters } = sum(stages);
  return { networkFlops: flops, parameters };
}

type Part = Pick<Stage, 'flops' | 'parameters'>;

/** The 3×3 convolution strides: the one before it still works on the larger maps. */
function bottleneck(
  from: number,
  inner: number,
  out: number,
  sideIn: number,
  side: number,
): Part[] {
  return [
    convolution(1, from, inner, sideIn),
    convolution(3, inner, inner, side),
    convolution(1, inner, out, side),
  ];
}

/** A convolution without bias and the batch norm after it; `side` is that of its output. */
function convolution(kernel: number, from: number, to: number, side: number): Part {
  return {
    flops: convFlops([kernel, kernel], from, to, [side, side]),
    parameters: kernel * kernel * from * to + 2 * to,
  };
}

function sum(parts: readonly Part[]): Part {
  return parts.reduce(
    (all, part) => ({
      flops: all.flops + part.flops,
      parameters: all.parameters + part.parameters,
    }),
    { flops: 0, parameters: 0 },
  );
}
