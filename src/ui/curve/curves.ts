/** How each curve is called and drawn. */
import { pairCell } from '../../core/pairing.ts';
import { ONE_PARAMETER_RULES } from '../../core/search/rules.ts';
import type { Trace } from '../../core/trace.ts';
import type { CurveId } from '../../state/scene/curve.ts';

export interface CurveWords {
  readonly id: CurveId;
  readonly name: string;
  /** One line for the page. */
  readonly help: string;
  readonly citation: string;
}

const CURVES: readonly CurveWords[] = [
  {
    id: 'frontier',
    name: 'Frontier search',
    help: 'A threshold an exit, each cut where it gains most given the others.',
    citation: 'Exact coordinate steps on accuracy − λ·cost; see docs/thresholds.md.',
  },
  {
    id: 'class-aware',
    name: 'Frontier, by class',
    help: 'A threshold for each exit and predicted class, where that is worth more than chance. Ours, not the paper’s.',
    citation: 'Coordinate steps over exit × class; see docs/rules.md.',
  },
  {
    id: 'tied',
    name: 'Frontier, judges tied',
    help: 'One number an exit: both judges’ thresholds at the same rank among the tuning images. What one threshold for two is worth.',
    citation: 'Rank of each confidence among the tuning images; see docs/trained-methods.md.',
  },
  {
    id: 'paper',
    name: 'Paper’s search',
    help: 'Random thresholds, each bisected until the cost meets one of 1,000 targets; the upper hull counts.',
    citation: 'E2CM, §4.1.',
  },
  {
    id: 'sweep',
    name: 'Plain sweep',
    help: 'One share for all exits from exit s on; two numbers instead of one an exit.',
    citation: 'Baseline.',
  },
  ...ONE_PARAMETER_RULES,
];

/**
 * The curves that can be searched on a trace: where two judges have a threshold each these are tied by rank too, and
 * classes have none of their own.
 */
export function offeredOn(trace: Trace | null): readonly CurveWords[] {
  const cell = trace && pairCell(trace);
  return CURVES.filter(({ id }) => {
    if (id === 'tied') return cell === 'judge';
    return id !== 'class-aware' || !cell;
  });
}

export function wordsOf(id: CurveId): CurveWords {
  return CURVES.find((curve) => curve.id === id)!;
}

const DASHES: Readonly<Record<string, string>> = {
  frontier: '',
  'class-aware': '12 2',
  tied: '5 2 1 2',
  paper: '7 3',
  sweep: '2 3',
};
/** Of the rules with one parameter, in their order. */
const RULE_DASHES = ['1 2', '4 2 1 2', '8 2 2 2', '1 4', '9 3 2 3', '14 4'] as const;

/** Dashes tell the curves beside the chosen one apart: all are the same method, so all have its hue. */
export function dashOf(curve: CurveId): string {
  const place = ONE_PARAMETER_RULES.findIndex(({ id }) => id === curve);
  return DASHES[curve] ?? RULE_DASHES[place % RULE_DASHES.length]!;
}
