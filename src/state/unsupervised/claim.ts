/** Figure 3's claim at exactly its budget: points lost there by every recorded run, beside the paper's. */
import { csv, type Cell } from '../../core/csv.ts';
import { FIGURE_3 } from '../paper/claims.ts';
import { heightAt, type Figure3 } from './figure3.ts';

/** The budget of the claim: 60 % of the computation is saved. */
const CLAIM_COST = 0.4;

export interface Claim {
  /** Share of DEC-large's FLOPs. */
  readonly cost: number;
  /** What the paper says; null of images that it does not show. */
  readonly paper: { readonly lost: number; readonly words: string } | null;
  /** Points of accuracy lost against leaving all at DEC-large: over the runs that have so cheap a policy. */
  readonly lost: { readonly mean: number; readonly least: number; readonly most: number } | null;
  readonly runs: number;
}

export function claimOf({ runs }: Pick<Figure3, 'runs'>, dataset: string): Claim {
  const claim = FIGURE_3.find((one) => one.dataset === dataset);
  const cost = claim?.cost ?? CLAIM_COST;
  const losses = runs.flatMap(({ points, exits }) => {
    const early = heightAt(points, cost);
    return early === null ? [] : [100 * (exits.at(-1)! - early)];
  });
  const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  return {
    cost,
    paper: claim ? { lost: claim.lost, words: claim.claim } : null,
    lost:
      losses.length > 0 ? { mean, least: Math.min(...losses), most: Math.max(...losses) } : null,
    runs: losses.length,
  };
}

/** The figure in numbers: a line a policy of each run, then the mean on its grid, then the exits alone. */
export function figure3Csv({ runs, mean, marks }: Figure3): string {
  const rows: Cell[][] = [];
  for (const { seed, points } of runs)
    for (const { cost, accuracy } of points) rows.push(['run', seed, cost, accuracy]);
  for (const { cost, accuracy } of mean) rows.push(['mean', null, cost, accuracy]);
  for (const { seed, exits } of runs)
    marks.forEach(({ name, cost }, j) => rows.push([name, seed, cost, exits[j]!]));
  return csv(['what', 'seed', 'relative FLOPs', 'accuracy on test'], rows);
}
