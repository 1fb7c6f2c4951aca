/** The images of one epoch in their order, augmented and normalised: training/batches.py with this project's numbers. */
import { mixSeeds, randomFrom, shuffled, type Random } from '../../../core/random.ts';
import type { NetworkCard } from '../../../network/card.ts';
import type { JointSettings } from './settings.ts';

type Input = NetworkCard['input'];

/** A step's images float32 [B, size, size, C] and their classes. */
export interface Batch {
  readonly pixels: Float32Array;
  readonly labels: Int32Array;
}

/** Order and chances come from (seed, epoch), so an epoch is the same whoever walks through it, and however slowly. */
export class Epoch {
  private readonly order: Uint32Array;
  private readonly chance: Random;
  private at = 0;

  constructor(
    private readonly images: Uint8Array,
    private readonly labels: Uint8Array,
    private readonly settings: JointSettings,
    private readonly input: Input,
    epoch: number,
  ) {
    this.order = shuffled(settings.images, randomFrom(mixSeeds(settings.seed, epoch, 0)));
    this.chance = randomFrom(mixSeeds(settings.seed, epoch, 1));
  }

  /** The next images, at most a batch of them; the caller stops at the end. */
  next(): Batch {
    const { batch, crop, flip } = this.settings;
    const rows = this.order.subarray(this.at, (this.at += batch));
    const { size, channels } = this.input;
    const pixels = new Float32Array(rows.length * size * size * channels);
    const tables = normalising(this.input);
    const length = size * size * channels;
    rows.forEach((row, i) => {
      const down = Math.floor(this.chance() * (2 * crop + 1)) - crop;
      const right = Math.floor(this.chance() * (2 * crop + 1)) - crop;
      const mirrored = flip === 1 && this.chance() < 0.5;
      const out = pixels.subarray(i * length, (i + 1) * length);
      this.draw(row, { down, right, mirrored }, tables, out);
    });
    return { pixels, labels: Int32Array.from(rows, (row) => this.labels[row]!) };
  }

  /** The image in the middle of black, cropped `down` and `right` of that middle, then mirrored. */
  private draw(row: number, crop: Crop, tables: readonly Float32Array[], out: Float32Array): void {
    const { height, width, channels } = this.settings;
    const { size } = this.input;
    const top = (size - height) >> 1;
    const left = (size - width) >> 1;
    const image = row * height * width * channels;
    let to = 0;
    for (let y = 0; y < size; y++) {
      const v = y + crop.down - top;
      for (let x = 0; x < size; x++) {
        const u = (crop.mirrored ? size - 1 - x : x) + crop.right - left;
        const inside = v >= 0 && v < height && u >= 0 && u < width;
        const from = image + (v * width + u) * channels;
        for (let c = 0; c < channels; c++)
          out[to++] = tables[c]![inside ? this.images[from + c]! : 0]!;
      }
    }
  }
}

interface Crop {
  readonly down: number;
  readonly right: number;
  readonly mirrored: boolean;
}

/** For each channel, what the network is fed for a pixel of 0…255. */
function normalising({ mean, std }: Input): Float32Array[] {
  return mean.map((of, c) =>
    Float32Array.from({ length: 256 }, (_, pixel) => (pixel / 255 - of) / std[c]!),
  );
}
