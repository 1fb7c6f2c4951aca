/** Whom it is due to. */
import { BRANCHYNET } from '../parts/papers.ts';

export const works = [BRANCHYNET];
