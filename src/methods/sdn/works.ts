/** Whom it is due to. */
import { SDN } from '../parts/papers.ts';

export const works = [SDN];
