import { viewedPaper } from '../../state/paper/viewed.ts';
import type { PageParts } from '../page.ts';
import { PaperPage } from './PaperPage.tsx';

export const parts: PageParts = {
  Body: PaperPage,
  Choices: null,
  exports: [],
  viewed: viewedPaper,
};
