/** What is done to a sum before it is stored: a residual is added, negative or large numbers are cut off. */
import type { Activation } from '../folded.ts';
import * as a from './assembler.ts';
import type { Code } from './assembler.ts';

export const ACTIVATIONS: readonly Activation[] = ['linear', 'relu', 'relu6'];

export interface Finish {
  readonly activation: Activation;
  readonly residual: boolean;
}

/** Every way to finish. */
export const FINISHES: readonly Finish[] = ACTIVATIONS.flatMap((activation) =>
  [false, true].map((residual) => ({ activation, residual })),
);

/** Part of a routine's name. */
export const finishName = ({ activation, residual }: Finish): string =>
  `${residual ? 'Plus' : ''}${activation}`;

export function activate(activation: Activation, value: Code): Code {
  if (activation === 'linear') return value;
  const positive = a.most(value, a.constant(0));
  return activation === 'relu' ? positive : a.least(positive, a.constant(6));
}

/** @param residual four numbers that are added where there is a residual. */
export const finished = (finish: Finish, value: Code, residual: Code): Code =>
  activate(finish.activation, finish.residual ? a.add(value, residual) : value);
