/** Kernels made of kernels. */
import type { Arrays } from '../contract/arrays.ts';
import type { KernelFactory } from '../contract/kernel.ts';

/**
 * A kernel that sees some exits only.
 * @param exits indices among the network's default exits, from the pass's parameters.
 */
export function onExits(
  factory: KernelFactory,
  exits: (parameters: Arrays) => readonly number[],
): KernelFactory {
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

/** Two kernels that return arrays for every batch, as one; `finish` makes one answer of both. */
export function sideBySide(
  first: KernelFactory,
  second: KernelFactory,
  finish: (arrays: Arrays, parameters: Arrays) => Arrays = (arrays) => arrays,
): KernelFactory {
  return (context, parameters) => {
    const kernels = [first(context, parameters), second(context, parameters)] as const;
    return {
      async batch(outputs, labels) {
        const [a, b] = [
          await kernels[0].batch(outputs, labels),
          await kernels[1].batch(outputs, labels),
        ];
        return finish({ ...b, ...a }, parameters);
      },
      flush: () => Promise.resolve(null),
      dispose: () => kernels.forEach((kernel) => kernel.dispose()),
    };
  };
}
