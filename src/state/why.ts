/** Why the exits of a method are as sure as they are: its folder's `why.ts`. */
import type { Why } from '../methods/contract/reasons.ts';

const found = import.meta.glob<Why>('../methods/*/why.ts', { eager: true, import: 'why' });

/** Null of a method that is not known here. */
export const whyOf = (method: string): Why | null => found[`../methods/${method}/why.ts`] ?? null;
