/** What is known of a method before any of its code that computes is loaded: menus, links and costs live on it. */
import type { SchemaOf } from '../../core/options/schema.ts';
import type { Confidence } from './confidence.ts';

/** How a method is spoken of. */
export interface MethodWords {
  /** Title of the matrices: who it is that labels images at an exit. */
  readonly labeller: string;
  /** What comes from the training images, with how many of them. */
  readonly learnt: (images: string) => string;
  /** Why tuning on the training images is optimistic. */
  readonly flattered: string;
  /** The same for held-out ones. */
  readonly heldOut: string;
  /** What a recorded run lacks for the story of one image. */
  readonly gone: string;
  /** What a run makes first, while there is nothing to see yet: "The class means come". */
  readonly first: string;
}

/** What stands on the network at an exit: distances to class means, a classifier or a branch. */
export type ExitWork = 'distances' | 'classifiers';

/** What fitting costs, image by image. */
export interface FitCost {
  /**
   * Forward passes over the training images on a network whose weights stay as they are, each with what it computes at
   * the exits: beside the epochs of a training, and without the pass that only traces the images.
   */
  readonly passes: readonly (readonly ExitWork[])[];
  /** What every epoch of a training computes, forward and backward; empty for a method that trains nothing. */
  readonly epoch: readonly ('network' | 'classifiers')[];
  /** What the FLOPs of an exit are of, beside the network's. */
  readonly exits: readonly ExitWork[];
}

/**
 * @template Options plain data, by name.
 * @template Loaded the method itself.
 */
export interface About<Id extends string, Options, Loaded> {
  readonly id: Id;
  readonly name: string;
  /** What can be chosen: all that is known of its options anywhere follows from this. */
  readonly options: SchemaOf<Options>;
  readonly defaults: Options;
  readonly confidence: Confidence;
  readonly words: MethodWords;
  /** Its colour everywhere, on light and on dark ground: #rrggbb. */
  readonly hue: readonly [light: string, dark: string];
  readonly cost: FitCost;
  /** The two that must agree on leaving, where a method has two; a threshold then stands for one of each. */
  readonly judges?: readonly [own: string, other: string];
  /** Whether it runs on a network of its own: what a card says of the loaded one, and how right that is alone, is not said of it. */
  readonly ownNetwork?: true;
  /** Whether it finds clusters without classes; it then has a page of its own. */
  readonly clusters?: true;
  /** Whether it looks at the places of internal classifiers and the network's end alone, so that many fits can share their outputs. */
  readonly looksAtSites?: true;
  /** Loads what fits, traces and explains, where the images are; again and again the same. */
  readonly load: () => Promise<Loaded>;
}

/** Keeps the types of one method's description. */
export const about = <Id extends string, Options, Loaded>(
  of: About<Id, Options, Loaded>,
): About<Id, Options, Loaded> => of;
