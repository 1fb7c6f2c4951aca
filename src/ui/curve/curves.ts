/** How each curve is called and drawn. */
import { ONE_PARAMETER_RULES } from '../../core/search/rules.ts';
import type { CurveId } from '../../state/scene/curve.ts';

export interface CurveWords {
  readonly id: CurveId;
  readonly name: string;
  /** One line for the page. */
  readonly help: string;
  readonly citation: string;
}

export const CURVES: readonly CurveWords[] = [
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

export function wordsOf(id: CurveId): CurveWords {
  return CURVES.find((curve) => curve.id === id)!;
}

/** Dashes tell the curves beside the chosen one apart: all are the same method, so all have its hue. */
export const dashes: Readonly<Record<CurveId, string>> = {
  frontier: '',
  'class-aware': '12 2',
  paper: '7 3',
  sweep: '2 3',
  'shared-threshold': '1 2',
  'shared-quantile': '4 2 1 2',
  'budgeted-batch': '8 2 2 2',
  patience: '1 4',
};
