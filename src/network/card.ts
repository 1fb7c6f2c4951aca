/** card.json beside a network's weights: what it is, what it was trained on, and how to feed it. */

export interface NetworkCard {
  readonly id: string;
  readonly title: string;
  readonly architecture: string;
  /** Dataset id it was trained on. */
  readonly dataset: string;
  readonly classes: readonly string[];
  readonly input: {
    /** Height = width, in pixels; smaller images are padded with black around them. */
    readonly size: number;
    readonly channels: number;
    /** Per channel, for pixels in 0…1. */
    readonly mean: readonly number[];
    readonly std: readonly number[];
  };
  readonly parameters: number;
  readonly multiplyAccumulates: number;
  readonly epochs: number;
  readonly seed: number;
  readonly trainImages: number;
  readonly testImages: number;
  /** Fractions on the whole test split, before and after the weights were quantised. */
  readonly testAccuracy: { readonly before: number; readonly after: number };
  readonly weightsBytes: number;
  readonly quantisation: string;
  /** The command that made it. */
  readonly command: string;
}
