/** A fitted method under a policy, as it is exported: exits that let somebody go, with the thresholds of their judges. */
import {
  closedThreshold,
  sense,
  strictly,
  thresholdsOf,
  type Policy,
  type Rule,
} from '../core/policy.ts';
import type { WrittenExit, WrittenJudge } from '../methods/contract/written.ts';

/** An exit that is exported. */
export interface PlannedExit {
  /** Its index among all exits of the trace. */
  readonly exit: number;
  readonly name: string;
  readonly stage: number;
  /** FLOPs of an image that leaves here, as the trace counts them. */
  readonly flops: number;
  readonly judges: readonly WrittenJudge[];
  /** How two judges go together; null where there is one. */
  readonly agree: 'and' | 'or' | 'label' | null;
  /**
   * Of each judge whose confidence is held against one: a threshold for all labels, or one a label. float32, so that a
   * confidence of 32 bits is on the same side of it as of the policy's own. None at the last exit, which takes all.
   */
  readonly thresholds: readonly Float32Array[];
}

export interface Plan {
  readonly rule: Rule;
  readonly classes: readonly string[];
  /** Open exits in their order, the last one included. */
  readonly exits: readonly PlannedExit[];
  /** Names of all exits, closed ones included. */
  readonly all: readonly string[];
  /** Whether the last exit takes the label of the surest exit of all. */
  readonly takesSurest: boolean;
}

/** Leaves out exits that let nobody go: an export neither computes nor asks what they would say. */
export function planOf(
  judged: readonly WrittenExit[],
  classes: readonly string[],
  policy: Policy,
): Plan {
  const shape = { exits: judged, classes };
  const last = judged.length - 1;
  const closed = closedThreshold(policy.rule);
  const takesSurest = judged[last]!.takesSurest === true;
  const exits = judged.flatMap((exit, j): PlannedExit[] => {
    const those = j === last ? [] : thresholdsOf(policy, shape, j);
    const isOpen = j === last || takesSurest || those.some((threshold) => threshold !== closed);
    if (!isOpen) return [];
    const { name, stage, flops, judges, agreement } = exit;
    const agree = agreement && typeof agreement === 'object' ? agreement.rule : agreement;
    const thresholds = j === last ? [] : judgeThresholds(policy.rule, those, agreement);
    return [{ exit: j, name, stage, flops, judges, agree, thresholds }];
  });
  return { rule: policy.rule, classes, exits, all: judged.map(({ name }) => name), takesSurest };
}

function judgeThresholds(
  rule: Rule,
  those: readonly number[],
  agreement: WrittenExit['agreement'],
): Float32Array[] {
  if (agreement === null || agreement === 'label')
    return [Float32Array.from(those, (threshold) => asFloat32(rule, threshold))];
  return agreement.sorted.map((sorted) =>
    Float32Array.from(those, (threshold) => confidenceFor(sorted, rule, threshold)),
  );
}

/** The float32 that has the same float32 confidences on its side as a float64 threshold has. */
export function asFloat32(rule: Rule, threshold: number): number {
  const near = Math.fround(threshold);
  if (near === threshold || !Number.isFinite(threshold)) return near;
  const { sign, strict } = sense(rule);
  // c > T of float32 c is c > the float32 below T; c ≥ T is c ≥ the one above; for small confidences the other way round.
  const isBelow = strict === (sign === 1);
  const wants = isBelow ? near < threshold : near > threshold;
  return wants ? near : neighbour(near, isBelow ? -1 : 1);
}

const bits = new Int32Array(1);
const asNumber = new Float32Array(bits.buffer);

/** The next float32 below or above one. */
function neighbour(value: number, direction: 1 | -1): number {
  asNumber[0] = value;
  if (value === 0) bits[0] = 1 | (direction < 0 ? 0x80000000 : 0);
  else bits[0] = bits[0]! + (value > 0 === direction > 0 ? 1 : -1);
  return asNumber[0]!;
}

/** The confidence from which on the rank among sorted ones, as traces keep it, is let go by a threshold. */
function confidenceFor(sorted: Float32Array, rule: Rule, threshold: number): number {
  const { sign, bound } = strictly(rule, threshold);
  // The least k with fround(k / n) on the right side; ranks rise with k.
  const n = sorted.length;
  const isLet = (k: number): boolean => sign * Math.fround(k / n) > bound;
  if (isLet(0)) return -Infinity;
  if (!isLet(n)) return Infinity;
  let [low, high] = [0, n];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (isLet(middle)) high = middle;
    else low = middle;
  }
  return sorted[high - 1]!;
}
