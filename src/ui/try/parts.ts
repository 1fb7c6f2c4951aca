import { ExploreChoices } from '../explore/ExploreChoices.tsx';
import type { PageParts } from '../page.ts';
import { TryPage } from './TryPage.tsx';

export const parts: PageParts = { Body: TryPage, Choices: ExploreChoices, exports: [] };
