/** A method's half that runs in compute workers: `worker.ts` of its folder, fetched when the method runs. */
import type { Judging, JudgeMaker } from './judge.ts';
import type { Kernel, KernelRef } from './kernel.ts';
import type { LearnerRef, Teachable } from './learner.ts';

export interface WorkerHalf {
  readonly kernels?: Readonly<Record<string, Kernel>>;
  readonly learners?: Readonly<Record<string, Teachable>>;
  /** In `judge.ts`, which inference that stops fetches; missing where a method cannot decide one exit after the other. */
  readonly judge?: JudgeMaker;
}

type KernelsOf<Half> = Half extends { readonly kernels: infer Kernels } ? Kernels : object;
type JudgedBy<Half> = Half extends { readonly judge: JudgeMaker<infer Parameters> }
  ? Parameters
  : never;
type LearnersOf<Half> = Half extends { readonly learners: infer Learners } ? Learners : object;

/** What a worker's half has, by name, with its types. */
export interface Asks<Half extends WorkerHalf> {
  kernel<Name extends keyof KernelsOf<Half> & string>(
    name: Name,
  ): KernelsOf<Half>[Name] extends Kernel<infer Parameters, infer Result>
    ? KernelRef<Parameters, Result>
    : never;
  learner<Name extends keyof LearnersOf<Half> & string>(
    name: Name,
  ): LearnersOf<Half>[Name] extends Teachable<infer Of> ? LearnerRef<Of> : never;
  /** What the half's judge is given, for a recipe's `judge`. */
  judge(parameters: JudgedBy<Half>): Pick<Judging, 'method' | 'parameters'>;
}

/** @param method in whose folder they are; null for the engine's own. */
export function asks<Half extends WorkerHalf>(method: string | null): Asks<Half>;
export function asks(method: string | null): Asks<Required<WorkerHalf>> {
  const named = (name: string) => ({ method, name });
  const judge = (parameters: unknown) => ({ method: method ?? '', parameters });
  return { kernel: named, learner: named, judge };
}
