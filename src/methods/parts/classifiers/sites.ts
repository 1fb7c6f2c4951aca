/** Where internal classifiers sit, and what they see there (Kaya et al. 2019; feature reduction of their released code). */
import { denseFlops } from '../../../core/flops.ts';
import { sizeOf } from '../../../core/shape.ts';
import type { Exit } from '../../../core/trace.ts';
import type { NetworkSummary } from '../../../network/network.ts';
import type { LinearShape } from '../linear/settings.ts';

/** Shares of the network's FLOPs; a classifier sits at the first stage boundary at or past each. */
const SHARES: readonly number[] = [0.15, 0.3, 0.45, 0.6, 0.75, 0.9];

/** One internal classifier's place. */
export interface Site {
  /** "layer1.0": name of the stage. */
  readonly name: string;
  readonly stage: number;
  /** Index of the stage among the network's default exits, whose outputs kernels see. */
  readonly output: number;
  /** Height, width and channels of the stage's output; [1, 1, n] where it is a vector. */
  readonly map: readonly [height: number, width: number, channels: number];
  /** Height and width of the pooled area; [1, 1] is no pooling. */
  readonly pool: readonly [height: number, width: number];
}

/**
 * @returns the sites, and a sentence when they are fewer than the shares.
 * @throws Error with a sentence when there is no stage boundary before the classifier to sit at.
 */
export function placeClassifiers(
  { id, stages, exits, flops }: NetworkSummary,
  method: string,
): { sites: Site[]; note: string | null } {
  const boundaries = exits.slice(0, -1);
  if (boundaries.length === 0)
    throw new Error(
      `The network ${id} has a single stage; ${method} needs a boundary between stages for its internal classifiers.`,
    );
  const cost: number[] = [];
  stages.forEach((stage, s) => cost.push((cost[s - 1] ?? 0) + stage.flops));
  const found = SHARES.map((share) =>
    boundaries.findIndex((stage) => cost[stage]! >= share * flops),
  ).filter((output) => output >= 0);
  // Where the first boundary past any share is the classifier's own, the last one before it must do.
  const outputs = [...new Set(found.length > 0 ? found : [boundaries.length - 1])];
  const sites = outputs.map((output): Site => {
    const stage = exits[output]!;
    const { name, shape } = stages[stage]!;
    const map = mapOf(shape);
    return { name, stage, output, map, pool: poolOf(map) };
  });
  const note =
    sites.length === SHARES.length
      ? null
      : `${id} has fewer stage boundaries than ${method} has places: ${sites.length} internal ` +
        `${sites.length === 1 ? 'classifier' : 'classifiers'} instead of ${SHARES.length}.`;
  return { sites, note };
}

function mapOf(shape: readonly number[]): Site['map'] {
  if (shape.length === 3) return [shape[0]!, shape[1]!, shape[2]!];
  return [1, 1, sizeOf(shape)];
}

/** int(size / 4) where the map is 4 or wider, else none. */
function poolOf([height, width]: Site['map']): Site['pool'] {
  const kernel = (size: number) => Math.max(1, Math.floor(size / 4));
  return [kernel(height), kernel(width)];
}

/** What the linear layer of a site is trained on: two pooled maps to mix, or one map as it is. */
export function shapeOf({ map, pool }: Site, classes: number): LinearShape {
  const [height, width, channels] = map;
  const pooled = Math.floor(height / pool[0]) * Math.floor(width / pool[1]) * channels;
  return isMixed({ pool })
    ? { mixed: pooled, plain: 0, classes }
    : { mixed: 0, plain: pooled, classes };
}

/** Whether there is anything to pool. */
export const isMixed = ({ pool }: Pick<Site, 'pool'>): boolean => pool[0] > 1 || pool[1] > 1;

/**
 * Exits with the cost of an image that leaves there: all stages up to it and what is paid at every site that it
 * visited; pooling counts as free, as everywhere. The network's own output is the last exit.
 */
export function exitsAt<At extends Pick<Site, 'name' | 'stage'>>(
  { stages }: NetworkSummary,
  sites: readonly At[],
  flopsOf: (site: At) => number,
): Exit[] {
  let flops = 0;
  let next = 0;
  const upTo = (stage: number) => {
    for (; next <= stage; next++) flops += stages[next]!.flops;
  };
  const exits = sites.map((site): Exit => {
    upTo(site.stage);
    flops += flopsOf(site);
    return { name: site.name, stage: site.stage, flops, size: sizeOf(stages[site.stage]!.shape) };
  });
  const last = stages.length - 1;
  upTo(last);
  const { name, shape } = stages[last]!;
  return [...exits, { name, stage: last, flops, size: sizeOf(shape) }];
}

/** FLOPs of a site's linear layer. */
export function linearFlops(site: Site, classes: number): number {
  const { mixed, plain } = shapeOf(site, classes);
  return denseFlops(mixed + plain, classes);
}

const FIELDS = 6;

/** Sites as a kernel's parameter. */
export function encodeSites(sites: readonly Site[]): Uint32Array {
  return Uint32Array.from(sites.flatMap(({ output, map, pool }) => [output, ...map, ...pool]));
}

/** The part of a site that kernels need. */
export type KernelSite = Pick<Site, 'output' | 'map' | 'pool'>;

export function decodeSites(encoded: Uint32Array): KernelSite[] {
  return Array.from({ length: encoded.length / FIELDS }, (_, s) => {
    const [output, h, w, c, ph, pw] = encoded.subarray(s * FIELDS, (s + 1) * FIELDS);
    return { output: output!, map: [h!, w!, c!], pool: [ph!, pw!] };
  });
}
