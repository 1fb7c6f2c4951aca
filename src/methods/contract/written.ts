/**
 * How the exits of a fitted method decide, as plain numbers: what is written in other languages when a method is taken
 * away. Whatever a method is made of, an exit holds the word of one or two judges against their thresholds.
 */
import type { Pairing } from '../../core/pairing.ts';
import type { Exit } from '../../core/trace.ts';

/** Class means at an exit's place. */
export interface Means {
  /** [K, D], in the order of the network's output there; zeros for a class without images. */
  readonly means: Float32Array;
  /** Training images of each class [K]; 0 for a class without a mean. */
  readonly counts: Uint32Array;
  /** Mean distance to each class mean [K]. */
  readonly normaliser: Float64Array;
}

/** The nearest class mean (E2CM, eqs. 5–7); its confidence is max softmax(−d / m). */
export interface MeansJudge extends Means {
  readonly kind: 'means';
  /** Whether the label is of the least d / m, or of the least d. */
  readonly label: 'normalised' | 'raw';
}

/** Where K logits come from. */
export type Logits =
  /** A linear layer on the map of the exit, pooled. */
  | {
      readonly from: 'linear';
      readonly map: readonly [height: number, width: number, channels: number];
      /** α·max + (1 − α)·average over areas of this size, no pooling, or the average of every channel. */
      readonly pool: readonly [height: number, width: number] | 'none' | 'average';
      readonly alpha: number;
      /** [inputs, K], [K]. */
      readonly weights: Float32Array;
      readonly bias: Float32Array;
      /** What it sees beside that: d / m of every class, weights [K, K]; null for most. */
      readonly near: (Means & { readonly weights: Float32Array }) | null;
    }
  /** A branch of the network, by its index. */
  | { readonly from: 'branch'; readonly branch: number }
  /** The network's own output. */
  | { readonly from: 'network' };

/** What says how sure the label of some logits is. */
export type Sureness =
  /** Max softmax. */
  | { readonly kind: 'softmax' }
  /** Entropy of the softmax in nats. */
  | { readonly kind: 'entropy' }
  /** What the entropy lacks of ln K. */
  | { readonly kind: 'certainty' }
  /** The λ up to which decision functions let go (`bwds/decisions.ts`): `decisions` [λ, features + 1]. */
  | {
      readonly kind: 'trade-off';
      readonly lambdas: readonly number[];
      readonly decisions: Float64Array;
    };

export interface LogitsJudge {
  readonly kind: 'logits';
  readonly logits: Logits;
  readonly sureness: Sureness;
}

export type WrittenJudge = MeansJudge | LogitsJudge;

export interface WrittenExit extends Exit {
  /** The label is the first one's. */
  readonly judges: readonly [WrittenJudge] | readonly [WrittenJudge, WrittenJudge];
  /** How two judges go together; null where there is one. */
  readonly agreement: Pairing | null;
  /** Only of the last exit: whether its label is that of the surest exit of all (SDN, released code). */
  readonly takesSurest?: boolean;
}
