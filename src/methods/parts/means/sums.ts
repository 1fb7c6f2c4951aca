/** Class means from the sums that workers flush (Algorithm 1, line 1). */
import { inChunks } from '../../run/pause.ts';
import type { Sums } from './arrays.ts';

/** Adds up flushed sums in double precision, whatever the order they come in. */
export class MeansBuilder {
  private readonly sums: Float64Array;
  readonly counts: Uint32Array;

  constructor(
    private readonly classes: number,
    private readonly dimensions: readonly number[],
  ) {
    this.sums = new Float64Array(classes * dimensions.reduce((sum, d) => sum + d, 0));
    this.counts = new Uint32Array(classes);
  }

  async add({ sums, counts }: Sums): Promise<void> {
    counts.forEach((count, k) => (this.counts[k]! += count));
    await inChunks(sums.length, 1 << 18, (from, to) => {
      for (let at = from; at < to; at++) this.sums[at]! += sums[at]!;
    });
  }

  /** float32, laid out as the sums; 0 for a class without images. */
  async means(): Promise<Float32Array> {
    const means = new Float32Array(this.sums.length);
    const rows = this.dimensions.flatMap((d) => new Array<number>(this.classes).fill(d));
    let at = 0;
    await inChunks(rows.length, 1, (row) => {
      const count = this.counts[row % this.classes]!;
      const end = at + rows[row]!;
      if (count > 0) for (let d = at; d < end; d++) means[d] = this.sums[d]! / count;
      at = end;
    });
    return means;
  }
}
