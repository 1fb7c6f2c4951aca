/** Kernels made of kernels. */
import type { Arrays } from '../contract/arrays.ts';
import type { KernelFactory } from '../contract/kernel.ts';

/**
 * A kernel that sees some exits only.
 * @param exits indices among the network's default exits, from the pass's parameters.
 */
export function onExits<Parameters extends Arrays, Result extends Arrays, Which extends Arrays>(
  factory: KernelFactory<Parameters, Result>,
  exits: (parameters: Which) => readonly number[],
): KernelFactory<Parameters & Which, Result> {
  return (context, parameters) => {
    const seen = exits(parameters);
    const dimensions = seen.map((exit) => context.dimensions[exit]!);
    const kernel = factory({ ...context, dimensions }, parameters);
    return {
      batch: (outputs, labels) =>
        kernel.batch(
          seen.map((exit) => outputs[exit]!),
          labels,
        ),
      flush: () => kernel.flush(),
      dispose: () => kernel.dispose(),
    };
  };
}

/**
 * Two kernels that return arrays for every batch, as one.
 * @param finish makes one answer of both.
 */
export function sideBySide<
  First extends Arrays,
  Second extends Arrays,
  A extends Arrays,
  B extends Arrays,
  Result extends Arrays,
  Given extends First & Second,
>(
  first: KernelFactory<First, A>,
  second: KernelFactory<Second, B>,
  finish: (a: A, b: B, parameters: Given) => Result,
): KernelFactory<Given, Result> {
  return (context, parameters) => {
    const [one, other] = [first(context, parameters), second(context, parameters)];
    return {
      async batch(outputs, labels) {
        const a = await one.batch(outputs, labels);
        const b = await other.batch(outputs, labels);
        return a && b && finish(a, b, parameters);
      },
      flush: () => Promise.resolve(null),
      dispose: () => [one, other].forEach((kernel) => kernel.dispose()),
    };
  };
}
