/** Whom it is due to. */
import { E2CM } from '../parts/papers.ts';

export const works = [E2CM];
