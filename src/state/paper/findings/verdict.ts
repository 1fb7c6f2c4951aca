/** Whether what the paper says came out here: of one comparison, and over those that a sentence is about. */

/** `level`: neither above nor below; `open`: nothing is recorded to tell by. */
export type Verdict = 'holds' | 'in-part' | 'level' | 'fails' | 'open';

/** What is asked of a sentence's comparisons: that it is so in each, or in some. */
export type Asked = 'each' | 'some';

/** Over the comparisons that could be made. What is level does not hold: the sentences say that something is better. */
export function overall(verdicts: readonly Verdict[], asked: Asked): Verdict {
  const made = verdicts.filter((verdict) => verdict !== 'open');
  if (made.length === 0) return 'open';
  const held = made.filter((verdict) => verdict === 'holds').length;
  if (held === made.length || (asked === 'some' && held > 0)) return 'holds';
  return held > 0 || made.includes('in-part') ? 'in-part' : 'fails';
}
