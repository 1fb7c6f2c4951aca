/** A fitted method under a policy, as it is exported: exits that let somebody go, with the thresholds of their judges. */
import { pairedBy } from '../core/pairing.ts';
import {
  cellOf,
  closedThreshold,
  sense,
  thresholdsOf,
  type Cell,
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
  /**
   * How two judges go together: both must reach their threshold, or one of them; or the first one's confidence counts, as 0
   * where the other names another class; or against one threshold where they differ and another where they do not. Null
   * where there is one.
   */
  readonly agree: 'and' | 'or' | 'label' | 'by-label' | null;
  /**
   * Of each confidence that is held against one: a threshold for all labels, or one a label. float32, so that a confidence
   * of 32 bits is on the same side of it as of the policy's own. None at the last exit, which takes all. Under `by-label`
   * there are two, where the labels differ and where they are the same; the confidence counts as −1 against the other one.
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
  const last = judged.length - 1;
  const pairing = judged[0]!.agreement;
  const shape = { exits: judged, classes, ...pairedBy(pairing) };
  const cell = cellOf(policy.thresholds, shape) ?? 'exit';
  const takesSurest = judged[last]!.takesSurest === true;
  const exits = judged.flatMap((exit, j): PlannedExit[] => {
    const { name, stage, flops } = exit;
    const those = j === last ? [] : thresholdsOf(policy, shape, j);
    const agree = j === last ? null : agreeOf(exit, cell);
    if (j !== last && !takesSurest && isShut(policy.rule, those, agree)) return [];
    // One that is not asked is not exported.
    const judges = agree === null ? exit.judges.slice(0, 1) : exit.judges;
    const thresholds = j === last ? [] : judgeThresholds(policy.rule, those, agree);
    return [{ exit: j, name, stage, flops, judges, agree, thresholds }];
  });
  return {
    ...{ rule: policy.rule, classes, exits, takesSurest },
    all: judged.map(({ name }) => name),
  };
}

function agreeOf({ agreement }: WrittenExit, cell: Cell): PlannedExit['agree'] {
  if (agreement === 'and-label') return 'label';
  if (cell === 'label') return 'by-label';
  if (cell === 'judge') return agreement === 'or' ? 'or' : 'and';
  return null;
}

/** Whether one confidence that reaches its threshold is enough. */
export const isAnyEnough = (agree: PlannedExit['agree']): boolean =>
  agree === 'or' || agree === 'by-label';

/** Whether an exit lets nobody go. */
function isShut(rule: Rule, those: readonly number[], agree: PlannedExit['agree']): boolean {
  const closed = closedThreshold(rule);
  const isClosed = (threshold: number): boolean => threshold === closed;
  return agree === 'and' ? those.some(isClosed) : those.every(isClosed);
}

function judgeThresholds(
  rule: Rule,
  those: readonly number[],
  agree: PlannedExit['agree'],
): Float32Array[] {
  const near = those.map((threshold) => asFloat32(rule, threshold));
  // Confidences are 0 or more; the −1 of the other one must not leave where this one lets all go.
  if (agree === 'by-label') return near.map((threshold) => Float32Array.of(Math.max(0, threshold)));
  if (agree === 'and' || agree === 'or') return near.map((threshold) => Float32Array.of(threshold));
  return [Float32Array.from(near)];
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
