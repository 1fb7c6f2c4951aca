/** The pass that makes class means (Algorithm 1, line 1). */
import type { Split } from '../../../core/dataset.ts';
import type { Arrays } from '../../contract/arrays.ts';
import type { Through } from '../../contract/kernel.ts';
import type { RunContext } from '../../contract/run.ts';
import type { Phases } from '../../run/phases.ts';
import type { ClassMeans, Sums } from './arrays.ts';
import { MeansBuilder } from './sums.ts';

/**
 * @param through a kernel of class sums.
 * @param dimensions of the outputs that it sees, D_j of every exit.
 * @param of the next phase is started and ended here.
 */
export async function fitMeans<Parameters extends Arrays>(
  through: Through<Parameters, Sums>,
  classes: number,
  dimensions: readonly number[],
  split: Split,
  of: { readonly phases: Phases; readonly context: Pick<RunContext<never>, 'runner' | 'signal'> },
): Promise<ClassMeans> {
  const { phases, context } = of;
  const builder = new MeansBuilder(classes, dimensions);
  const onFlush = (sums: Sums) => builder.add(sums);
  await phases.pass({ ...through, classes, split, onFlush }, context);
  return { means: await builder.means(), counts: builder.counts };
}
