/** What a reader of a clustering's numbers must know, as sentences. */
import { DEC_EXITS } from '../../network/dec.ts';
import { ENCODERS } from './checkpoint.ts';
import type { Judged } from './judge.ts';
import type { DecTrained } from './train.ts';

export function warningsOf(
  { present, sizes, names }: Judged,
  trained: DecTrained | null,
  classes: number,
  isLabelled: boolean,
): string[] {
  const clusters = present.reduce((sum, here) => sum + here, 0);
  const warnings: string[] = [];
  if (isLabelled && clusters > classes)
    warnings.push(
      `There are ${clusters} clusters and ${classes} classes: ${clusters - classes} clusters stand for no class, and every ` +
        'image in them counts as wrong.',
    );
  if (isLabelled && clusters < classes)
    warnings.push(
      `There are ${clusters} clusters and ${classes} classes: no cluster stands for ` +
        `${names.filter((_, place) => !present[place]).join(', ')}, and all their images count as wrong.`,
    );
  sizes.forEach((count, j) => {
    const empty = names.filter((_, place) => present[place] && count[place] === 0);
    if (empty.length > 0)
      warnings.push(
        `At ${DEC_EXITS[j]} no image is left in the cluster${empty.length > 1 ? 's' : ''} of ${empty.join(', ')}: ` +
          `the refinement emptied ${empty.length > 1 ? 'them, and they stay' : 'it, and it stays'} empty.`,
      );
  });
  for (const encoder of ENCODERS) {
    const refilled = trained?.encoders[encoder].refilled ?? 0;
    if (refilled > 0)
      warnings.push(
        `k-means on DEC-${encoder} had an empty cluster ${refilled} time${refilled > 1 ? 's' : ''}; it was given the image ` +
          'farthest from its centre.',
      );
  }
  return warnings;
}
