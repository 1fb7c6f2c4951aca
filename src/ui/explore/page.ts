import { MinuteButton } from '../minute/MinuteButton.tsx';
import type { PageView } from '../page.ts';
import { ExploreChoices } from './ExploreChoices.tsx';
import { ExplorePage } from './ExplorePage.tsx';
import { traceExports } from './exports.ts';

export const page: PageView = {
  id: 'explore',
  name: 'Explore',
  title: 'Offramp',
  parts: { Body: ExplorePage, Choices: ExploreChoices, exports: traceExports, Tool: MinuteButton },
};
