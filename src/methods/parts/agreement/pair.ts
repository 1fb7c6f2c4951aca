/** What two judges say of images. */
import type { Formula } from '../../contract/story.ts';
import type { Decisions } from '../../run/stream.ts';
import type { Judged } from './lines.ts';

/** Both words on some images, [S + 1 exits, stride]. */
export interface Pair {
  readonly classifier: Decisions;
  readonly means: Decisions;
}

/** What a kernel says of images, to both judges: float32 [count, exits, K] each. */
export type PairArrays = { readonly logits: Float32Array; readonly distances: Float32Array };

export function pairOf(exits: number, images: number): Pair {
  const decisions = (): Decisions => ({
    prediction: new Uint8Array(exits * images),
    confidence: new Float32Array(exits * images),
    stride: images,
  });
  return { classifier: decisions(), means: decisions() };
}

/** What both said of the one image of a pair at an exit. */
export function judgedAt(
  { classifier, means }: Pair,
  exit: number,
  lines: { readonly own: readonly Formula[]; readonly means: readonly Formula[] },
): Judged {
  const of = ({ prediction, confidence }: Decisions) => ({
    label: prediction[exit]!,
    confidence: confidence[exit]!,
  });
  return {
    own: { ...of(classifier), lines: lines.own },
    means: { ...of(means), lines: lines.means },
  };
}
