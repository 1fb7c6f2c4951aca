/** Whom the methods are due to, by the id of the method: its folder's `works.ts`. */
import type { Work } from '../../methods/contract/work.ts';

const found = import.meta.glob<readonly Work[]>('../../methods/*/works.ts', {
  eager: true,
  import: 'works',
});

/** The papers of some methods, each once; of a method that is not known here none. */
export function worksOf(methods: readonly string[]): readonly Work[] {
  const works = methods.flatMap((method) => found[`../../methods/${method}/works.ts`] ?? []);
  return works.filter(({ key }, n) => works.findIndex((one) => one.key === key) === n);
}
