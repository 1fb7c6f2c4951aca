/** What is tried: an image, what inference that stops made of it, and how long that and the plain network took. */
import { create } from 'zustand';
import type { Policy } from '../../core/policy.ts';
import type { Trace } from '../../core/trace.ts';
import type { Driven, Explanation } from '../../engine/client/types.ts';
import type { Taken } from './take.ts';
import type { Spread } from './times.ts';

/** One image past the exits, and through the plain network. */
export interface Tried {
  readonly pixels: Uint8Array;
  readonly policy: Policy;
  /** Whose exits and classes these are. */
  readonly trace: Trace;
  /** Where it left, and for which stages anything was computed. */
  readonly staged: Driven;
  /** Milliseconds, one image at a time, warm. */
  readonly times: { readonly staged: Spread; readonly plain: Spread };
  /** Means of the milliseconds in each stage of the network [S]: of both; in deciding at each exit [M]. */
  readonly stages: { readonly staged: Float64Array; readonly plain: Float64Array };
  readonly exits: Float64Array;
  /** Label of the plain network. */
  readonly plainLabel: number;
  /** Every exit's distances or probabilities, computed afterwards. */
  readonly explanation: Explanation;
}

/** Many images past the exits and through the plain network, in batches. */
export interface Raced {
  readonly images: number;
  readonly batch: number;
  /** Images a second: the median over rounds. */
  readonly rates: { readonly staged: number; readonly plain: number };
  readonly accuracy: { readonly staged: number; readonly plain: number };
  /** What the staged ones cost beside the plain network's. */
  readonly cost: number;
  /** What `cost` is counted in. */
  readonly unit: string;
  /** Images that left where the replay of the trace says, with its label; null where their trace is not at hand. */
  readonly asReplayed: number | null;
  /** How many had left by each exit [M]. */
  readonly leaving: readonly number[];
}

export interface TryState {
  /** Which test image is tried where no picture was taken. */
  readonly image: number;
  /** A picture that a person drew, gave or took; null for a test image. */
  readonly taken: Taken | null;
  readonly status: 'idle' | 'driving';
  readonly tried: Tried | null;
  /** Why there is none, as a sentence. */
  readonly problem: string | null;
  readonly raced: Raced | null;
  /** Images that a race has done so far; null while there is none. */
  readonly racing: number | null;
}

export const useTry = create<TryState>(() => ({
  image: 0,
  taken: null,
  status: 'idle',
  tried: null,
  problem: null,
  raced: null,
  racing: null,
}));
