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

export class BatchQueue {
  private readonly returned: Batch[] = [];
  private next = 0;
  private handed = 0;

  /**
   * @param largest images in a full batch.
   * @param first images in the first batches, so that something is on screen at once; sizes then double.
   * @param lanes workers that share the images: near the end batches shrink, so that all finish together.
   */
  constructor(
    private readonly total: number,
    private readonly largest: number,
    private readonly first: number,
    private readonly lanes: number,
  ) {}

  take(): Batch | undefined {
    const returned = this.returned.shift();
    if (returned) return returned;
    const left = this.total - this.next;
    if (left <= 0) return undefined;
    const ramp = this.first * 2 ** Math.floor(this.handed / this.lanes);
    const fair = this.lanes > 1 ? Math.max(16, Math.ceil(left / (2 * this.lanes))) : left;
    const count = Math.min(left, this.largest, ramp, fair);
    const batch = { from: this.next, count };
    this.next += count;
    this.handed++;
    return batch;
  }

  /** Takes back batches whose results were lost. */
  giveBack(batches: Iterable<Batch>): void {
    this.returned.push(...batches);
  }
}
