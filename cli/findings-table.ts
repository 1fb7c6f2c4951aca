/** What the paper says of its results and what came, as a table of docs/results.md. */
import { RUNS_FORMAT, type RecordedRun } from '../src/core/run-index.ts';
import type { NetworkCard } from '../src/network/card.ts';
import { findings, tallyOf } from '../src/state/paper/findings/findings.ts';
import type { Verdict } from '../src/state/paper/findings/verdict.ts';
import { SEARCH_SEED } from './curves.ts';
import { table } from './tables.ts';

const WORDS: Readonly<Record<Verdict, string>> = {
  holds: 'holds',
  'in-part': 'holds in part',
  level: 'level',
  fails: 'does not hold',
  open: 'not recorded yet',
};

/**
 * A line a sentence of the paper: its verdict by either search, how its comparisons came out by the frontier search, and
 * why.
 */
export function findingsTable(runs: readonly RecordedRun[], cards: readonly NetworkCard[]): string {
  const recorded = {
    index: { format: RUNS_FORMAT, searchSeed: SEARCH_SEED, runs, images: {} } as const,
    cards: Object.fromEntries(cards.map((card) => [card.id, card])),
  };
  const byPaper = findings({ ...recorded, search: 'paper' });
  const byFrontier = findings({ ...recorded, search: 'frontier' });
  const rows = byFrontier.map(({ quote, source, verdict, reason, ...finding }, n) => {
    const [papers, besides] = [tallyOf(finding.papers), tallyOf(finding.besides)];
    return [
      `“${quote}” (${source})`,
      WORDS[byPaper[n]!.verdict],
      WORDS[verdict],
      `${papers.recorded} of ${papers.all}${papers.words && `: ${papers.words}`}`,
      besides.recorded > 0 ? `${besides.recorded}: ${besides.words}` : '',
      verdict === 'open' ? '' : (reason ?? ''),
    ];
  });
  return table(
    [
      'the paper',
      'by its search',
      'by the frontier search',
      'of the paper’s comparisons, frontier search',
      'beside them',
      'why',
    ],
    rows,
  );
}
