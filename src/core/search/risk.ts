/**
 * Risk control (Jazbec et al. 2024, "Fast yet safe: early-exiting with risk control"): the person says how much harm
 * early exits may do (ε) and how often the promise may fail (δ); the rule certifies how boldly one may exit.
 *
 * Harm of an image: 1 if the early label is wrong and the whole network's label is right, else 0 — the part of the
 * error that early exits are to blame for. Its mean over a fresh calibration set is binomial, so the test is exact:
 * a policy is certified when so few harms would be seen with probability at most δ if its true harm were above ε.
 * Policies are tried in an order fixed beforehand, from no early exits to bolder ones, stopping at the first that
 * fails (fixed-sequence testing, Angelopoulos et al. 2022, "Learn then test"), which keeps the whole promise at δ.
 */
import { binomialTail } from '../binomial.ts';
import type { Policy } from '../policy.ts';
import { replay, replayBuffers } from '../replay.ts';
import type { Trace } from '../trace.ts';

export interface RiskOptions {
  /** Tolerated harm, as a share of images: 0 < ε < 1. */
  readonly epsilon: number;
  /** Probability with which the promise may fail: 0 < δ < 1. */
  readonly delta: number;
}

export interface Certified {
  /** Index of the boldest certified policy in the given order; −1 when not even the first is. */
  readonly index: number;
  /** Harms among the calibration images under it. */
  readonly harms: number;
  readonly images: number;
}

/**
 * The boldest policy of a fixed order that risk control certifies.
 * @param calibration a trace of images that neither made the class means nor chose the order.
 * @param order policies from the safest to the boldest.
 * @throws Error when ε or δ is not between 0 and 1.
 */
export function certify(
  calibration: Trace,
  order: readonly Policy[],
  { epsilon, delta }: RiskOptions,
): Certified {
  for (const [name, value] of Object.entries({ ε: epsilon, δ: delta })) {
    if (!(value > 0 && value < 1))
      throw new Error(`${name} is ${value}; expected a number between 0 and 1.`);
  }
  const { count } = calibration;
  const buffers = replayBuffers(count, calibration.exits.length);
  let best: Certified = { index: -1, harms: 0, images: count };
  for (const [index, policy] of order.entries()) {
    const harms = harmsOf(calibration, policy, buffers);
    if (binomialTail(count, harms, epsilon) > delta) break;
    best = { index, harms, images: count };
  }
  return best;
}

/**
 * The boldest policy of each of several fixed orders, certified together: each at its part of δ, so that the promise
 * holds for whichever is taken of them.
 * @param calibration as for `certify`.
 * @throws as `certify`.
 */
export const certifyAny = (
  calibration: Trace,
  orders: readonly (readonly Policy[])[],
  { epsilon, delta }: RiskOptions,
): Certified[] =>
  orders.map((order) => certify(calibration, order, { epsilon, delta: delta / orders.length }));

/** Images of a trace that are wrong under a policy and right at the last exit. */
export function harmsOf(
  trace: Trace,
  policy: Policy,
  buffers = replayBuffers(trace.count, trace.exits.length),
): number {
  const { count, exits, label, prediction } = trace;
  const { exitOf } = replay(trace, policy, buffers);
  const end = (exits.length - 1) * count;
  let harms = 0;
  for (let i = 0; i < count; i++) {
    const truth = label[i];
    if (prediction[exitOf[i]! * count + i] !== truth && prediction[end + i] === truth) harms++;
  }
  return harms;
}
