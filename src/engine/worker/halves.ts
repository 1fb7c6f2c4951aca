/** What a worker computes: the engine's own kernels, and those of methods, fetched when they are first asked for. */
import type { Kernel } from '../../methods/contract/kernel.ts';
import type { Teachable } from '../../methods/contract/learner.ts';
import type { WorkerHalf } from '../../methods/contract/worker.ts';
import { kernels } from '../kernels.ts';

/** Where a kernel or a learner is: `null` for the engine's own. */
interface Ref {
  readonly method: string | null;
  readonly name: string;
}

/** @throws Error with a sentence when there is no such kernel, or its code does not come. */
export async function findKernel(ref: Ref): Promise<Kernel> {
  return entryOf((await halfOf(ref)).kernels, ref, 'kernel');
}

/** @throws Error with a sentence when there is no such learner, or its code does not come. */
export async function findLearner(ref: Ref): Promise<Teachable> {
  return entryOf((await halfOf(ref)).learners, ref, 'learner');
}

/** A method's half is `worker.ts` of the folder that has its id for a name. */
async function halfOf({ method }: Ref): Promise<WorkerHalf> {
  if (method === null) return { kernels };
  return fetched(method, () => import(`../../methods/${method}/worker.ts`));
}

/** @throws Error with a sentence when it does not come. */
export async function fetched(method: string, code: () => Promise<unknown>): Promise<WorkerHalf> {
  try {
    return (await code()) as WorkerHalf;
  } catch (cause) {
    throw new Error(
      `The code that computes ${method} could not be loaded. Look at the connection, then run it again.`,
      { cause },
    );
  }
}

/** Fetches the halves of methods ahead of their runs; what does not come is asked for again by a run. */
export async function fetchHalves(methods: readonly string[]): Promise<void> {
  await Promise.allSettled(methods.map((method) => halfOf({ method, name: '' })));
}

function entryOf<Entry>(
  entries: Readonly<Record<string, Entry>> | undefined,
  { method, name }: Ref,
  what: string,
): Entry {
  const entry = entries && Object.hasOwn(entries, name) ? entries[name] : undefined;
  if (entry) return entry;
  const there = Object.keys(entries ?? {}).join(', ') || 'none';
  throw new Error(`${method ?? 'The engine'} has no ${what} "${name}"; it has ${there}.`);
}
