/** What E2CM reports beside its traces. */
import type { SplitName } from '../../core/dataset.ts';
import type { MethodReport } from '../contract/run.ts';

export interface E2cmReport extends MethodReport {
  /** Bytes of all class means as float32 (§4.1), and of each exit. */
  readonly classMeanBytes: number;
  readonly classMeanBytesPerExit: readonly number[];
  /** Training images of each class that made its mean. */
  readonly imagesPerClass: readonly number[];
  /** Share of a split's images at each exit where argmax softmax(−d/m) and argmin d name different classes. */
  readonly labelDisagreement: Readonly<Record<SplitName, readonly number[]>>;
}
