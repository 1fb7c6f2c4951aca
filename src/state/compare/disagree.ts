/** Two racers at the same cost, image by image. */
import { create } from 'zustand';
import { disagreement, mcNemar, verdictsOfTwo, type Disagreement } from '../../core/disagree.ts';
import type { Verdict } from '../../core/disagree.ts';
import type { Policy } from '../../core/policy.ts';
import { replay, type Outcome } from '../../core/replay.ts';
import { replayFrontier } from '../../core/search/frontier.ts';
import type { ComparedSearch } from '../../core/run-index.ts';
import type { Trace } from '../../core/trace.ts';
import { isAbort } from '../../data/errors.ts';
import { heldIn } from '../../methods/registry.ts';
import { sentenceOf } from '../notices.ts';
import { Lane } from '../scene/attempt.ts';
import { checkTraced, recordedTrace } from '../lease/runs.ts';
import { useSettings } from '../settings.ts';
import { policiesOn } from './policies.ts';
import type { Member } from './racers.ts';

/** One side: the policy that stands for a racer at the cost asked for. */
export interface Side {
  readonly member: Member;
  readonly trace: Trace;
  readonly policy: Policy;
  readonly outcome: Outcome;
  /** What the policy really costs on test, and gives. */
  readonly cost: number;
}

export interface Comparison {
  readonly first: Side;
  readonly second: Side;
  readonly found: Disagreement;
  /** How likely an imbalance like this is between methods that are equally good (McNemar). */
  readonly p: number;
}

export interface DisagreeState {
  readonly comparison: Comparison | null;
  readonly busy: boolean;
  /** Why there is no comparison, as a sentence. */
  readonly problem: string | null;
}

export const useDisagreement = create<DisagreeState>(() => ({
  comparison: null,
  busy: false,
  problem: null,
}));

const lane = new Lane('race', 'disagreement');

/** Compares two members at a cost: each with the dearest policy that was found for it and does not cost more on test. */
export async function compareAt(
  first: Member,
  second: Member,
  cost: number,
  search: ComparedSearch,
): Promise<void> {
  const mine = lane.begin();
  const set = (state: Partial<DisagreeState>): void => {
    mine.write(() => useDisagreement.setState(state));
  };
  set({ busy: true, problem: null });
  try {
    // Before anything is fetched for a comparison that cannot be made.
    for (const { from } of [first, second]) if (from.kind === 'recorded') checkTraced(from.run);
    const sides = [
      await sideOf(first, cost, search, mine.signal),
      await sideOf(second, cost, search, mine.signal),
    ] as const;
    const found = disagreement(...sides);
    const p = mcNemar(found.count.first, found.count.second);
    set({ comparison: { first: sides[0], second: sides[1], found, p }, busy: false });
  } catch (error) {
    if (!isAbort(error)) set({ comparison: null, busy: false, problem: sentenceOf(error) });
  }
}

async function sideOf(
  member: Member,
  cost: number,
  search: ComparedSearch,
  signal: AbortSignal,
): Promise<Side> {
  const { from } = member;
  const [train, trace] =
    from.kind !== 'recorded'
      ? [from.train, from.test]
      : await Promise.all([recordedTrace(from.run, 'train'), recordedTrace(from.run, 'test')]);
  const { seed } = useSettings.getState();
  const policies = await policiesOn(train, search, seed, signal);
  const rule = heldIn(trace);
  const affordable = replayFrontier(policies, trace, rule)
    .filter((point) => point.cost <= cost)
    .sort((a, b) => b.cost - a.cost)[0];
  if (!affordable)
    throw new Error(
      `No policy of ${member.id} costs ${cost.toFixed(3)} of the FLOPs or less. Pin a higher cost.`,
    );
  const policy: Policy = { rule, thresholds: affordable.thresholds };
  return { member, trace, policy, outcome: replay(trace, policy), cost: affordable.cost };
}

/** The images of a verdict, optionally only those that leave at one exit of each side. */
export function imagesWith(
  { first, second, found }: Comparison,
  verdict: Verdict,
  exits: readonly [number, number] | null,
): number[] {
  const wanted = verdictsOfTwo.indexOf(verdict);
  const images: number[] = [];
  found.verdict.forEach((value, i) => {
    if (value !== wanted) return;
    const [a, b] = [first.outcome.exitOf[i]!, second.outcome.exitOf[i]!];
    if (!exits || (a === exits[0] && b === exits[1])) images.push(i);
  });
  return images;
}
