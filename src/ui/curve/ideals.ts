/** Rules that know more than confidences, on the curve: what they are called and how they are drawn. */
import type { Ideals } from '../../core/room.ts';
import type { RightWords } from '../shared/rightWords.ts';

interface IdealWords {
  readonly id: keyof Ideals;
  readonly name: (words: RightWords) => string;
  /** Around 0, 0; in CSS pixels. */
  readonly path: string;
}

export const IDEALS: readonly IdealWords[] = [
  {
    id: 'first',
    name: ({ right }) => `oracle, first exit that is ${right}`,
    path: 'M0,-5.5L5.2,3.8H-5.2Z',
  },
  {
    id: 'stable',
    name: () => 'oracle, once the label stays',
    path: 'M-4.2,-4.2H4.2V4.2H-4.2Z',
  },
];

/** Its outline, wherever it is drawn: on the chart and in the legend. */
export const IDEAL_STYLE = {
  fill: 'var(--panel)',
  stroke: 'var(--hue)',
  strokeWidth: 1.8,
  strokeLinejoin: 'round',
} as const;
