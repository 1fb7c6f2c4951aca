/** An image worth looking at while nobody has chosen one. */
import type { Outcome } from '../../core/replay.ts';
import type { Trace } from '../../core/trace.ts';

/**
 * The first image whose story shows what early exits are about: it leaves half-way and right, and the exit before
 * would have been wrong. Else the first image that leaves early; else the first.
 */
export function worthALook(trace: Trace, outcome: Outcome): number | null {
  const { count, label, prediction, exits } = trace;
  const last = exits.length - 1;
  let early: number | null = null;
  for (let i = 0; i < count; i++) {
    const j = outcome.exitOf[i]!;
    if (j === 0 || j >= last) continue;
    early ??= i;
    const half = j >= last * 0.3 && j <= last * 0.7;
    const right = prediction[j * count + i] === label[i];
    if (half && right && prediction[(j - 1) * count + i] !== label[i]) return i;
  }
  return early ?? (count > 0 ? 0 : null);
}
