/**
 * One pass over the training images makes class means; one pass over every split measures angles to them.
 */
import { denseFlops } from '../../core/flops.ts';
import { readOptions } from '../../core/options/schema.ts';
import { sizeOf } from '../../core/shape.ts';
import type { Exit } from '../../core/trace.ts';
import type { NetworkSummary } from '../../network/network.ts';
import { through } from '../contract/kernel.ts';
import type { MethodReport } from '../contract/run.ts';
import { explainLogits } from '../parts/logits.ts';
import type { ClassMeans } from '../parts/means/arrays.ts';
import { fitMeans } from '../parts/means/fit.ts';
import { softmax } from '../parts/softmax.ts';
import { checkClasses, trainingImages, type TrainingImages } from '../run/images.ts';
import { methodOf, type Learnt } from '../run/method.ts';
import { savedArray } from '../run/saved.ts';
import type { Cosines } from './cosines.ts';
import { decide, lines } from './decide.ts';
import { EXAMPLE_OPTIONS, type ExampleOptions } from './options.ts';
import { own } from './own.ts';

type ExampleFitted = Learnt<ExampleOptions> & ClassMeans;

export const example = methodOf<
  ExampleOptions,
  ExampleFitted,
  TrainingImages,
  MethodReport,
  Cosines
>({
  id: 'example',
  options: (saved) => readOptions(EXAMPLE_OPTIONS, saved),
  check: (dataset) => checkClasses(dataset),
  prepare: (dataset, options) =>
    trainingImages(dataset, options, 'Nearest angle needs them for its class means'),
  phases: ({ train }) => [{ phase: 'class means', images: train.count }],

  async fit(fitting) {
    const { dataset, options, prepared, context } = fitting;
    const { classes } = dataset;
    const exits = exitsOf(context.runner.network, classes.length);
    const sizes = exits.map(({ size }) => size!);
    const sums = through(own.kernel('sums'), {});
    const means = await fitMeans(sums, classes.length, sizes, prepared.train, fitting);
    const fitted = { classes, exits, trainImages: prepared.train.count, options, ...means };
    context.onFitted?.(fitted);
    return fitted;
  },

  through: ({ means, counts }) => through(own.kernel('cosines'), { means, counts }),
  decider: ({ exits }) => ({
    decide: ({ cosines }, from, count, out) => decide(cosines, exits.length, from, count, out),
  }),
  report: (_, times) => ({ ...times, warnings: [] }),
  explain(fitted, { cosines, logits }) {
    const { exits } = fitted;
    const story = explainLogits(
      fitted,
      cosines,
      (out) => decide(cosines, exits.length, 0, 1, out),
      lines,
    );
    return { ...story, logits, softmax: softmax(logits) };
  },

  save: ({ means, counts }) => ({ arrays: { means, counts } }),
  load({ learnt, arrays, network }) {
    const k = learnt.classes.length;
    const exits = exitsOf(network, k);
    const numbers = k * exits.reduce((sum, { size }) => sum + size!, 0);
    return {
      ...learnt,
      exits,
      means: savedArray(arrays, 'means', Float32Array, numbers),
      counts: savedArray(arrays, 'counts', Uint32Array, k),
    };
  },
});

/** Every stage boundary, with the cost of an image that leaves there: K products at every exit that it visited. */
function exitsOf(network: NetworkSummary, classes: number): Exit[] {
  let flops = 0;
  let next = 0;
  return network.exits.map((stage) => {
    for (; next <= stage; next++) flops += network.stages[next]!.flops;
    const { name, shape } = network.stages[stage]!;
    flops += denseFlops(sizeOf(shape), classes);
    return { name, stage, flops, size: sizeOf(shape) };
  });
}
