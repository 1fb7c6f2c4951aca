import { viewedRacers } from '../../state/compare/on-screen.ts';
import type { PageParts } from '../page.ts';
import { CompareChoices } from './CompareChoices.tsx';
import { ComparePage } from './ComparePage.tsx';

export const parts: PageParts = {
  Body: ComparePage,
  Choices: CompareChoices,
  exports: [],
  viewed: viewedRacers,
};
