/** Two images that show what early exits are about. */
import type { Outcome } from '../../core/replay.ts';
import type { Trace } from '../../core/trace.ts';

/**
 * One that leaves right at the first exit at which anybody does, and one
 * that leaves right at the last one at which anybody does. Null where there are no two such.
 */
export function easyAndHard(
  trace: Trace,
  outcome: Outcome,
): { readonly easy: number; readonly hard: number } | null {
  const { count, label, prediction } = trace;
  let [easy, hard] = [-1, -1];
  for (let i = 0; i < count; i++) {
    const j = outcome.exitOf[i]!;
    if (prediction[j * count + i] !== label[i]) continue;
    if (easy < 0 || j < outcome.exitOf[easy]!) easy = i;
    if (hard < 0 || j > outcome.exitOf[hard]!) hard = i;
  }
  return easy < 0 || outcome.exitOf[easy] === outcome.exitOf[hard] ? null : { easy, hard };
}
