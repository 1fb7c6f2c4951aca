/** A run in one HTML file, for the supplement of a paper: what is filled into the page that replays it. */
import type { CurvePoint } from './run-index.ts';
import type { TraceHeader } from './trace-file.ts';
import type { Policy, Rule } from './policy.ts';

export const SUPPLEMENT_FORMAT = 'offramp-supplement/1';

/** Id of the element that holds it, as JSON. */
export const SUPPLEMENT_ID = 'offramp-run';

/** One policy of the curve, where it falls on the images of the trace. */
export interface SupplementStop extends CurvePoint {
  readonly thresholds: readonly number[];
}

export interface Supplement {
  readonly format: typeof SUPPLEMENT_FORMAT;
  /** "E2CM on ResNet-18". */
  readonly title: string;
  /** What its numbers are of. */
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  readonly rule: Rule;
  /** What is held against a threshold: "max softmax of the normalised distances". */
  readonly unit: string;
  /** "FLOPs", or what a person counts in. */
  readonly costUnit: string;
  /** The thresholds that it opens with. */
  readonly thresholds: Policy['thresholds'];
  /** Policies that a search found on other images, by rising cost there; empty where there is none. */
  readonly curve: readonly SupplementStop[];
  /** Which images the curve was found on: "train". */
  readonly tunedOn: string;
  readonly header: TraceHeader;
  /** The arrays of the trace, Base64. */
  readonly arrays: string;
}
