/** What an export is checked by: images, with what became of them where they were traced. */
import { imageAt, imageBytes, type ImageShape, type Split } from '../core/dataset.ts';
import type { Trace } from '../core/trace.ts';
import type { WrittenExit } from '../methods/contract/written.ts';
import { decide, decideAt, type Known } from './decide.ts';
import type { Plan, PlannedExit } from './plan.ts';

/** Images of a check. */
export const CHECKED = 32;
/** Confidences this near to a threshold may be on its other side where they are computed in another order. */
const NEAR = 1e-6;
/** What a device may be off, which computed the trace in batches of another size. */
const ROUNDING = 1e-3;

/** The network's outputs for some images, as the engine gives them. */
export interface Outputs {
  /** Of every stage [count, D], of the last the logits in the order of the classes. */
  readonly outputs: readonly Float32Array[];
  /** [count, branches + 1, K]; null for a network without branches. */
  readonly branches: Float32Array | null;
}

/** Images to check by, in turn one from each exit at which any leave, in their order. @param exitOf of an outcome. */
export function imagesToCheck(exitOf: Uint8Array, count = CHECKED): number[] {
  const byExit = new Map<number, number[]>();
  exitOf.forEach((exit, image) => {
    const those = byExit.get(exit) ?? [];
    if (those.length < count) those.push(image);
    byExit.set(exit, those);
  });
  const chosen: number[] = [];
  for (let turn = 0; turn < count; turn++)
    for (const those of byExit.values())
      if (those[turn] !== undefined && chosen.length < count) chosen.push(those[turn]!);
  return chosen.sort((a, b) => a - b);
}

/** Copies of some images of a split. */
export function someImages(split: Split, shape: ImageShape, which: readonly number[]): Split {
  const images = new Uint8Array(which.length * imageBytes(shape));
  which.forEach((image, i) => images.set(imageAt(split, shape, image), i * imageBytes(shape)));
  const labels = Uint8Array.from(which, (image) => split.labels[image]!);
  return { images, labels, count: which.length };
}

export interface Case {
  /** Its index in the test split, and the class that it is of. */
  readonly image: number;
  readonly class: number;
  readonly exit: number;
  readonly label: number;
  readonly confidence: number;
  /** uint8, height × width × channels, base64. */
  readonly pixels: string;
}

export interface Check {
  readonly format: 'offramp-check/1';
  readonly shape: ImageShape;
  /** Positions among `images` of those that a confidence brings within 1e-6 of a threshold that it is held against. */
  readonly near: readonly number[];
  readonly images: readonly Case[];
}

/** What is known of image i at exit e of a plan. */
export function knownOf({ outputs, branches }: Outputs, plan: Plan, count: number) {
  const k = plan.classes.length;
  const row = (of: Float32Array, i: number) =>
    of.subarray((i * of.length) / count, ((i + 1) * of.length) / count);
  return (i: number, e: number): Known => {
    const { stage, judges } = plan.exits[e]!;
    const output = row(outputs[stage]!, i);
    if (e === plan.exits.length - 1) return { output, logits: output };
    const [branch] = branchesOf({ judges });
    const own = branches && branch !== undefined ? row(branches, i) : null;
    return { output, logits: own && own.subarray(branch! * k, (branch! + 1) * k) };
  };
}

const branchesOf = ({ judges }: Pick<PlannedExit, 'judges'>): number[] =>
  judges.flatMap((judge) =>
    judge.kind === 'logits' && judge.logits.from === 'branch' ? [judge.logits.branch] : [],
  );

/**
 * @param which images of the split were chosen.
 * @param images those images.
 * @throws Error with a sentence when the plan decides otherwise than the trace said, far from any threshold.
 */
export function checkOf(
  plan: Plan,
  { trace, exitOf }: { readonly trace: Trace; readonly exitOf: Uint8Array },
  which: readonly number[],
  images: Split,
  shape: ImageShape,
  outputs: Outputs,
): Check {
  const known = knownOf(outputs, plan, which.length);
  const near: number[] = [];
  const cases = which.map((image, i): Case => {
    const at = (e: number) => known(i, e);
    const word = decide(plan, at);
    const exit = plan.exits[word.at]!.exit;
    const gap = Math.min(
      ...plan.exits.slice(0, word.at + 1).map((one, e) => gapAt(plan, one, e, at(e))),
    );
    const traced = {
      exit: exitOf[image]!,
      label: trace.prediction[exitOf[image]! * trace.count + image]!,
    };
    const isSame = traced.exit === exit && traced.label === word.label;
    if (!isSame && gap > ROUNDING)
      throw new Error(
        `Image ${image} left at exit ${traced.exit} as class ${traced.label} on screen, and leaves at ${exit} as ` +
          `${word.label} by what was learnt: these are not of one run. Run it again, then export.`,
      );
    if (!isSame || gap <= NEAR) near.push(i);
    return {
      ...{ image, class: images.labels[i]!, exit, label: word.label },
      confidence: word.confidences[0]!,
      pixels: base64(imageAt(images, shape, i)),
    };
  });
  return { format: 'offramp-check/1', shape, near, images: cases };
}

/** How far the nearest confidence is from the threshold that it is held against. */
function gapAt(plan: Plan, exit: PlannedExit, e: number, known: Known): number {
  const { label, confidences } = decideAt(plan, e, known);
  const gaps = exit.thresholds.map((of, j) =>
    Math.abs(confidences[j]! - of[of.length > 1 ? label : 0]!),
  );
  return Math.min(Infinity, ...gaps);
}

function base64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

/** Most bytes of c/check.bin: outputs of early stages are large. */
const MOST_BYTES = 32 * 2 ** 20;

/** c/check.bin (see drivers/check.c), of as many images as fit, and how many these are. */
export function checkBinary(
  plan: Plan,
  check: Check,
  outputs: Outputs,
): { bytes: Uint8Array; images: number } {
  const known = knownOf(outputs, plan, check.images.length);
  const parts: Uint8Array[] = [];
  let [length, images] = [4, 0];
  for (const [i, { exit, label }] of check.images.entries()) {
    // Those near a threshold may go either way in other arithmetic.
    if (check.near.includes(i)) continue;
    const at = plan.exits.findIndex((planned) => planned.exit === exit);
    const own: Uint8Array[] = [bytesOf(Int32Array.of(at, label))];
    plan.exits.slice(0, at + 1).forEach(({ judges }, e) => {
      const { output, logits } = known(i, e);
      const goesByLogits = ({ kind, ...judge }: WrittenExit['judges'][number]) =>
        kind === 'logits' && 'logits' in judge && judge.logits.from !== 'linear';
      if (!judges.every(goesByLogits)) own.push(bytesOf(output));
      if (judges.some(goesByLogits)) own.push(bytesOf(logits!));
    });
    const size = own.reduce((sum, part) => sum + part.length, 0);
    if (length + size > MOST_BYTES) break;
    parts.push(...own);
    length += size;
    images++;
  }
  const all = new Uint8Array(length);
  all.set(bytesOf(Int32Array.of(images)));
  let at = 4;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return { bytes: all, images };
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array | Int32Array): Uint8Array =>
  new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
