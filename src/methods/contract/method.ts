/**
 * What a method is. It runs where the images are: it asks a `Runner` to send a split through a kernel and merges what
 * comes back, in plain typed arrays.
 */
import type { Dataset } from '../../core/dataset.ts';
import type { Trace, TraceSplit } from '../../core/trace.ts';
import type { NetworkFiles } from '../../network/files.ts';
import type { NetworkSummary } from '../../network/network.ts';
import type { Arrays } from './arrays.ts';
import type { Judging } from './judge.ts';
import type { WrittenExit } from './written.ts';
import type { Through } from './kernel.ts';
import type { MethodReport, MethodRun, RunContext } from './run.ts';
import type { SavedMethod } from './saved.ts';
import type { Explanation } from './story.ts';

/**
 * @template Options plain data, by name.
 * @template Fitted what the training images gave: all that a trace needs besides the network.
 * @template Result what its kernel says of an image.
 */
export interface Method<
  Options,
  Fitted,
  Report extends MethodReport,
  Result extends Arrays = Arrays,
> {
  /** Learns from the training split and traces both splits. */
  run(
    dataset: Dataset,
    options: Options,
    context: RunContext<Fitted>,
  ): Promise<MethodRun<Fitted, Report>>;
  /** Traces one split with what was learnt before, here or elsewhere; held-out images are those of that run. */
  trace(
    fitted: Fitted,
    dataset: Dataset,
    split: TraceSplit,
    context: RunContext<Fitted>,
  ): Promise<Trace>;
  /**
   * Learns from the training split and traces nothing.
   * @returns what `run` would have learnt.
   */
  fit?(dataset: Dataset, options: Options, context: RunContext<Fitted>): Promise<Fitted>;
  /** What decides exit by exit, for inference that stops; missing for a method that cannot. */
  judge?(fitted: Fitted): Judging;
  /** The network that the explainer's kernel and the judge see; null, as for most methods, where it is the visitor's own. */
  network?(fitted: Fitted): NetworkFiles | null;
  /**
   * How its exits decide, as plain numbers, for whoever writes them in another language; missing where nobody can.
   * @param network that it decides on.
   * @throws Error with a sentence when it has not learnt everything yet.
   */
  written?(fitted: Fitted, network: NetworkSummary): readonly WrittenExit[];
  save(fitted: Fitted, network: NetworkSummary): SavedMethod;
  /** @throws Error with a sentence when it was saved for another network or other classes, or is damaged. */
  load(saved: SavedMethod, network: NetworkSummary, classes: readonly string[]): Fitted;
  /** The kernel through which one image is sent to be explained. The same arrays are sent once. */
  explainer(fitted: Fitted): Through<Arrays, Result>;
  /** Makes sense of what that kernel returned for one image. */
  explain(fitted: Fitted, arrays: Result): Explanation;
}
