/** What E2CM reports beside its traces. */
import type { SplitName } from '../../core/dataset.ts';

export interface E2cmReport {
  /** Bytes of all class means as float32 (§4.1), and of each exit. */
  readonly classMeanBytes: number;
  readonly classMeanBytesPerExit: readonly number[];
  /** Training images of each class that made its mean. */
  readonly imagesPerClass: readonly number[];
  /** Share of a split's images at each exit where argmax softmax(−d/m) and argmin d name different classes. */
  readonly labelDisagreement: Readonly<Record<SplitName, readonly number[]>>;
  /** Seconds of each phase and the rate at which it went through images. */
  readonly phases: readonly {
    readonly phase: string;
    readonly images: number;
    readonly seconds: number;
    readonly imagesPerSecond: number;
  }[];
  readonly seconds: number;
  /** What a reader of the numbers must know, as sentences: "No training image of class 7 …". */
  readonly warnings: readonly string[];
}
