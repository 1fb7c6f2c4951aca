/** What the paper says of its results, sentence by sentence, and whether it came out here. */
import type { Recorded } from '../join.ts';
import { CASES, type Case } from './cases.ts';
import { materialOf } from './material.ts';
import { SAID, type Said, type SaidId } from './said.ts';
import { overall, type Verdict } from './verdict.ts';

export interface Finding extends Said {
  readonly id: SaidId;
  /** Over the paper's own comparisons, as far as they are recorded. */
  readonly verdict: Verdict;
  readonly cases: readonly Case[];
  /** Those of them that the paper makes too, and those of other networks and datasets. */
  readonly papers: readonly Case[];
  readonly besides: readonly Case[];
}

/** The sentences of the abstract that runs can tell something of, then those of §1 and §4. */
export function findings(recorded: Recorded): Finding[] {
  const material = materialOf(recorded);
  return (Object.keys(SAID) as SaidId[]).map((id) => {
    const cases = CASES[id](material);
    const papers = cases.filter(({ inPaper }) => inPaper);
    const verdict = overall(
      papers.map((one) => one.verdict),
      SAID[id].asked,
    );
    const besides = cases.filter(({ inPaper }) => !inPaper);
    return { ...SAID[id], id, verdict, cases, papers, besides };
  });
}

/** "of 12 in the paper 3 are recorded: 1 holds, 2 do not": how a finding's comparisons came out. */
export interface Tally {
  /** All of them, recorded or not. */
  readonly all: number;
  readonly recorded: number;
  /** "1 holds, 2 do not"; empty where none is recorded. */
  readonly words: string;
}

export function tallyOf(cases: readonly Case[]): Tally {
  const made = cases.filter(({ verdict }) => verdict !== 'open');
  const words = WORDS.flatMap(([verdict, one, several]) => {
    const { length } = made.filter((each) => each.verdict === verdict);
    return length === 0 ? [] : [`${length} ${length === 1 ? one : several}`];
  });
  return { all: cases.length, recorded: made.length, words: words.join(', ') };
}

const WORDS: readonly (readonly [Verdict, one: string, several: string])[] = [
  ['holds', 'holds', 'hold'],
  ['in-part', 'holds in part', 'hold in part'],
  ['level', 'is level', 'are level'],
  ['fails', 'does not', 'do not'],
];
