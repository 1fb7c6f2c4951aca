/**
 * The skeleton of every method that learns from a training split: it fits; traces the training images, those that were
 * held out and the test images; reports. Later it traces again, saves and loads. What a method adds is a `Recipe`.
 */
import type { Dataset, Split } from '../../core/dataset.ts';
import type { Exit, Trace, TraceHead, TraceSplit } from '../../core/trace.ts';
import type { NetworkFiles } from '../../network/files.ts';
import type { NetworkSummary } from '../../network/network.ts';
import type { Arrays } from '../contract/arrays.ts';
import type { Judging } from '../contract/judge.ts';
import type { WrittenExit } from '../contract/written.ts';
import type { Through } from '../contract/kernel.ts';
import type { Method } from '../contract/method.ts';
import type { MethodReport, RunContext } from '../contract/run.ts';
import type { Runner } from '../contract/runner.ts';
import type { Explanation } from '../contract/story.ts';
import type { ImageOptions } from '../parts/options/images.ts';
import { splitToTrace, traceHead, type TrainingImages } from './images.ts';
import { Phases, type Phase } from './phases.ts';
import { decodeMethod, encodeMethod, type SavedContent } from './saved.ts';
import { traceThrough, type Decider } from './stream.ts';

/** What every method has learnt, whatever else. */
export interface Learnt<Options> {
  readonly classes: readonly string[];
  /** Exits with their cumulative cost. */
  readonly exits: readonly Exit[];
  /** Images that were learnt from, the first ones of the split. */
  readonly trainImages: number;
  readonly options: Options;
}

/** What a fit is given. */
export interface Fitting<Options, Fitted, Prepared> {
  readonly dataset: Dataset;
  readonly options: Options;
  readonly prepared: Prepared;
  /** Those of the fit are started and ended by it. */
  readonly phases: Phases;
  readonly context: RunContext<Fitted>;
}

/** A decider that learns from the images that it decides. */
export interface LearningDecider<Result, Fitted> extends Decider<Result> {
  /** What is learnt so far; all of it once the last image is settled. */
  readonly fitted: () => Fitted;
}

/** What goes on while images are traced that something is learnt from. */
export type Learning<Fitted> = Pick<RunContext<Fitted>, 'runner' | 'signal' | 'onFitted'> & {
  readonly phases: Phases;
};

/** A saved method, read but for what is the method's own. */
export interface ReadFile<Options> extends Pick<SavedContent, 'numbers' | 'arrays'> {
  readonly learnt: Pick<Learnt<Options>, 'classes' | 'trainImages' | 'options'>;
  readonly network: NetworkSummary;
}

/** Shares of the images at each exit that a decider has counted, none where it counts nothing. */
interface Counted {
  readonly train: readonly number[];
  readonly test: readonly number[];
}

/**
 * What makes a method of its own of the skeleton.
 * @template Prepared what is worked out before anything runs.
 * @template Result what its kernel gives of a batch.
 */
export interface Recipe<
  Options extends ImageOptions,
  Fitted extends Learnt<Options>,
  Prepared extends TrainingImages,
  Report extends MethodReport,
  Result extends Arrays,
> {
  readonly id: string;
  /** Options of a saved method. @throws Error with a sentence when one is not allowed. */
  readonly options: (saved: Readonly<Record<string, unknown>>) => Options;
  /** @throws Error with a sentence when dataset, options and network do not go together. */
  readonly check: (dataset: Dataset, options: Options, network: NetworkSummary) => void;
  /** @throws Error with a sentence when it cannot be run like that. */
  readonly prepare: (dataset: Dataset, options: Options, runner: Runner) => Prepared;
  /** What a fit goes through. */
  readonly phases: (prepared: Prepared, options: Options, runner: Runner) => readonly Phase[];
  /** Tells `context.onFitted` what can be used before it is over, also when it is cut short. */
  readonly fit: (fitting: Fitting<Options, Fitted, Prepared>) => Promise<Fitted>;
  /** The pass of every trace, and of an image that is explained. */
  readonly through: (fitted: Fitted) => Through<Arrays, Result>;
  readonly decider: (fitted: Fitted, split: Split) => Decider<Result>;
  /** What decides exit by exit, for inference that stops: `own.judge(…)`. */
  readonly judge?: (fitted: Fitted) => Pick<Judging, 'method' | 'parameters' | 'pairing'>;
  /** How the training images are traced, in words, where more than that happens on the way. */
  readonly tracing?: (images: number) => readonly Phase[];
  /** For a method that learns the rest from the trace of its training images. */
  readonly learning?: {
    readonly isDone: (fitted: Fitted) => boolean;
    /** Whether other images can be traced though it is not done. */
    readonly mayWait?: (fitted: Fitted) => boolean;
    readonly decider: (
      fitted: Fitted,
      split: Split,
      learning: Learning<Fitted>,
    ) => LearningDecider<Result, Fitted>;
  };
  /** What its traces say of themselves beside the usual. */
  readonly head?: (head: TraceHead, network: NetworkSummary) => TraceHead;
  readonly report: (
    of: { readonly fitted: Fitted; readonly prepared: Prepared; readonly counted: Counted },
    times: Pick<MethodReport, 'phases' | 'seconds'>,
  ) => Report;
  readonly network?: (fitted: Fitted) => NetworkFiles | null;
  /** See `Method.written`. */
  readonly written?: (fitted: Fitted, network: NetworkSummary) => readonly WrittenExit[];
  readonly explain: (fitted: Fitted, arrays: Result) => Explanation;
  /** What a file holds of it, beside its options and `trainImages`. */
  readonly save: (
    fitted: Fitted,
  ) => Pick<SavedContent, 'arrays'> & Partial<Pick<SavedContent, 'numbers'>>;
  /** @throws Error with a sentence when it is damaged. */
  readonly load: (file: ReadFile<Options>) => Fitted;
}

export function methodOf<
  Options extends ImageOptions,
  Fitted extends Learnt<Options>,
  Prepared extends TrainingImages,
  Report extends MethodReport,
  Result extends Arrays,
>(
  recipe: Recipe<Options, Fitted, Prepared, Report, Result>,
): Method<Options, Fitted, Report, Result> {
  const { id, learning, network, judge, written } = recipe;
  const tracing = recipe.tracing ?? ((images) => [{ phase: 'training images', images }]);

  /** Traces on the network that was fitted. */
  const tracerOf = async (
    fitted: Fitted,
    dataset: Dataset,
    phases: Phases,
    context: RunContext<Fitted>,
  ) => {
    const files = network?.(fitted) ?? null;
    const runner = files ? await context.runner.withNetwork(files) : context.runner;
    const on = { ...context, runner };
    const through = (of: Fitted, split: Split, name: TraceSplit, decider: Decider<Result>) => {
      const { classes, exits, trainImages, options } = of;
      const about = { method: id, exits, trainImages, options: { ...options } };
      const head = traceHead(dataset, name, about, on);
      return traceThrough({
        context: on,
        phases,
        head: recipe.head?.(head, runner.network) ?? head,
        split,
        pass: { ...recipe.through(of), classes: classes.length },
        decider,
      });
    };
    return {
      async trace(of: Fitted, split: Split, name: TraceSplit) {
        const decider = recipe.decider(of, split);
        const trace = await through(of, split, name, decider);
        return { trace, counted: sharesOf(decider, split) };
      },
      /** Traces the training images, and learns from that what is still to be learnt. */
      async learn(of: Fitted, split: Split) {
        if (!learning || learning.isDone(of))
          return { fitted: of, ...(await this.trace(of, split, 'train')) };
        const decider = learning.decider(of, split, { ...on, phases });
        const trace = await through(of, split, 'train', decider);
        return { fitted: decider.fitted(), trace, counted: sharesOf(decider, split) };
      },
    };
  };

  /** Fits, but for what is learnt from the trace of the training images. @param after phases that follow. */
  const begin = async (
    dataset: Dataset,
    options: Options,
    context: RunContext<Fitted>,
    after: (images: TrainingImages) => readonly Phase[],
  ) => {
    recipe.check(dataset, options, context.runner.network);
    const prepared = recipe.prepare(dataset, options, context.runner);
    const phases = new Phases(
      [...recipe.phases(prepared, options, context.runner), ...after(prepared)],
      context.onProgress,
    );
    const first = await recipe.fit({ dataset, options, prepared, phases, context });
    return { first, prepared, phases };
  };

  return {
    async run(dataset, options, context) {
      const started = performance.now();
      const begun = await begin(dataset, options, context, ({ train, holdout }) => [
        ...tracing(train.count),
        ...(holdout ? [{ phase: 'held-out images', images: holdout.count }] : []),
        { phase: 'test images', images: dataset.test.count },
      ]);
      const { first, prepared, phases } = begun;
      const { train, holdout } = prepared;
      const tracer = await tracerOf(first, dataset, phases, context);
      const traced = await tracer.learn(first, train);
      const { fitted } = traced;
      const held = holdout && (await tracer.trace(fitted, holdout, 'holdout'));
      const test = await tracer.trace(fitted, dataset.test, 'test');
      const counted = { train: traced.counted, test: test.counted };
      const seconds = (performance.now() - started) / 1000;
      return {
        fitted,
        train: traced.trace,
        test: test.trace,
        holdout: held && held.trace,
        report: recipe.report({ fitted, prepared, counted }, { phases: phases.times, seconds }),
      };
    },

    async trace(fitted, dataset, split, context): Promise<Trace> {
      const { options, trainImages } = fitted;
      recipe.check(dataset, options, context.runner.network);
      const of = (name: TraceSplit) => splitToTrace(dataset, name, options, trainImages);
      const images = of(split);
      // A run that was cut short has not learnt everything yet.
      const isMissing =
        learning !== undefined && !learning.isDone(fitted) && !learning.mayWait?.(fitted);
      const train = of('train');
      const isTrain = isMissing && split === 'train';
      const phases = new Phases(
        [
          ...(isMissing ? tracing(train.count) : []),
          ...(isTrain ? [] : [{ phase: `${split} images`, images: images.count }]),
        ],
        context.onProgress,
      );
      const tracer = await tracerOf(fitted, dataset, phases, context);
      if (!isMissing) return (await tracer.trace(fitted, images, split)).trace;
      const learnt = await tracer.learn(fitted, train);
      return isTrain ? learnt.trace : (await tracer.trace(learnt.fitted, images, split)).trace;
    },

    async fit(dataset, options, given): Promise<Fitted> {
      const context = { ...given, onTrace: () => undefined };
      const { first, prepared, phases } = await begin(dataset, options, context, ({ train }) =>
        learning ? tracing(train.count) : [],
      );
      if (!learning || learning.isDone(first)) return first;
      const tracer = await tracerOf(first, dataset, phases, context);
      return (await tracer.learn(first, prepared.train)).fitted;
    },

    ...(network && { network }),
    ...(judge && { judge: (fitted) => ({ ...judge(fitted), exits: fitted.exits }) }),
    ...(written && { written }),
    explainer: recipe.through,
    explain: recipe.explain,

    save: (fitted, on) => {
      const { numbers, arrays } = recipe.save(fitted);
      return encodeMethod(id, on, fitted.classes, {
        options: { ...fitted.options },
        numbers: { trainImages: fitted.trainImages, ...numbers },
        arrays,
      });
    },
    load: (saved, on, classes) => {
      const { options: read, numbers, arrays } = decodeMethod(saved, id, on, classes);
      const options = recipe.options(read);
      const learnt = { classes, trainImages: numbers.trainImages ?? 0, options };
      return recipe.load({ learnt, numbers, arrays, network: on });
    },
  };
}

function sharesOf({ counted }: Decider<never>, { count }: Split): readonly number[] {
  return Array.from(counted ?? [], (images) => (count === 0 ? 0 : images / count));
}
