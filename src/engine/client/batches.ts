/** Which images to send next: in order, small batches first, returned ones before new ones. */

export interface Batch {
  readonly from: number;
  readonly count: number;
}

/** On a GPU larger batches do no better, and an image shows later. */
const MOST_ON_DEVICE = 256;

/**
 * Images in a full batch on a device: no layer's output may be larger than what the device binds, since tfjs gives zeros
 * there instead of an error.
 * @param widest numbers in the largest output of any layer, one image.
 * @param largestTensor in bytes; null for no limit.
 */
export function deviceBatch(widest: number, largestTensor: number | null): number {
  if (largestTensor === null) return MOST_ON_DEVICE;
  return Math.max(1, Math.min(MOST_ON_DEVICE, Math.floor(largestTensor / (4 * widest))));
}

/** How many images the next batch of a pass has. */
export interface Sizes {
  next(): number;
  /** A batch of so many images was answered, at so many milliseconds of any clock. */
  answered?(count: number, now: number): void;
}

/**
 * Small batches first, so that something is on screen at once; sizes then double.
 * @param largest images in a full batch.
 * @param lanes workers that share the images.
 */
export function ramp(largest: number, first: number, lanes: number): Sizes {
  let handed = 0;
  return { next: () => Math.min(largest, first * 2 ** Math.floor(handed++ / lanes)) };
}

/** Images in the first batches of a pass. */
export const FIRST_BATCH = 16;
/** A smaller batch that is so nearly as quick as the quickest shows an image sooner and takes less memory. */
const NEARLY = 0.97;

/**
 * The size of batches that suits a network on a device, found on the first images of its first passes: they go in pairs of
 * batches, 16 to the largest that fits, each twice as large as the one before. The first of a pair warms up, the second is
 * timed from answer to answer, while the device has another batch at hand; nothing is computed for the trial alone. What
 * comes out for an image does not depend on the size.
 */
export class Trial {
  readonly #sizes: readonly number[];
  /** Images a millisecond, by size. */
  readonly #rates = new Map<number, number>();

  /** @param largest images in a batch that fits the device. */
  constructor(largest: number) {
    const sizes = [];
    for (let size = FIRST_BATCH; size < largest; size *= 2) sizes.push(size);
    this.#sizes = [...sizes, largest];
  }

  /** The size that was chosen; null until all were timed. */
  get best(): number | null {
    if (this.#rates.size < this.#sizes.length) return null;
    const most = Math.max(...this.#rates.values());
    return this.#sizes.find((size) => this.#rates.get(size)! >= NEARLY * most)!;
  }

  /** The sizes of a pass: of the trial, or those that it has chosen. */
  begin(): Sizes {
    if (this.best !== null) return ramp(this.best, FIRST_BATCH, 1);
    const tried = this.#sizes
      .filter((size) => !this.#rates.has(size))
      .flatMap((size) => [size, size]);
    let last: { readonly count: number; readonly now: number } | null = null;
    return {
      // Until the last of a trial is answered, batches of the largest size go on.
      next: () => tried.shift() ?? this.best ?? this.#sizes.at(-1)!,
      answered: (count, now) => {
        if (last?.count === count && this.#sizes.includes(count) && !this.#rates.has(count))
          this.#rates.set(count, count / Math.max(1e-3, now - last.now));
        last = { count, now };
      },
    };
  }
}

export class BatchQueue {
  private readonly returned: Batch[] = [];
  private next = 0;

  /** @param lanes workers that share the images: near the end batches shrink, so that all finish together. */
  constructor(
    private readonly total: number,
    private readonly sizes: Sizes,
    private readonly lanes: number,
  ) {}

  take(): Batch | undefined {
    const returned = this.returned.shift();
    if (returned) return returned;
    const left = this.total - this.next;
    if (left <= 0) return undefined;
    const fair = this.lanes > 1 ? Math.max(16, Math.ceil(left / (2 * this.lanes))) : left;
    const count = Math.min(left, this.sizes.next(), fair);
    const batch = { from: this.next, count };
    this.next += count;
    return batch;
  }

  /** Takes back batches whose results were lost. */
  giveBack(batches: Iterable<Batch>): void {
    this.returned.push(...batches);
  }
}
