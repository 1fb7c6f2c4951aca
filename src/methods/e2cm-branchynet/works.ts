/** Whom it is due to. */
import { BRANCHYNET, E2CM } from '../parts/papers.ts';

export const works = [E2CM, BRANCHYNET];
