/** Tables in Markdown, and numbers as they stand in them. */
import type { RecordedRun } from '../src/core/run-index.ts';

/** @param rows cells, as many as the head has. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** A share as a percentage without its sign: 0.753 → "75.3". */
export const share = (value: number): string => (100 * value).toFixed(1);

/** Mean and range, "75.3 (75.2–75.4)", where values differ; negative ranges are written with "to". */
export function spread(values: readonly number[], print: (value: number) => string): string {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const [least, most] = [Math.min(...values), Math.max(...values)];
  if (least === most) return print(values[0]!);
  return `${print(mean)} (${print(least)}${least < 0 ? ' to ' : '–'}${print(most)})`;
}

/** Runs by "DATASET NETWORK", in the order of their first. */
export function pairsOf(runs: readonly RecordedRun[]): Map<string, RecordedRun[]> {
  const pairs = new Map<string, RecordedRun[]>();
  for (const run of runs) {
    const pair = `${run.dataset} ${run.network}`;
    pairs.set(pair, [...(pairs.get(pair) ?? []), run]);
  }
  return pairs;
}
