import { traceExports } from '../explore/exports.ts';
import type { PageParts } from '../page.ts';
import { ClusterBar } from './ClusterBar.tsx';
import { UnsupervisedPage } from './UnsupervisedPage.tsx';

export const parts: PageParts = {
  Body: UnsupervisedPage,
  Choices: ClusterBar,
  exports: traceExports,
};
