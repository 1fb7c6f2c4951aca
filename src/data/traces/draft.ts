/**
 * A draft of a trace: what was found in files that are no traces, what it was taken for, and what nobody said yet. A
 * person answers; only then is there a trace. Types, and what both sides of the data worker know.
 */
import type { Meaning } from '../../core/meaning.ts';
import type { Rule } from '../../core/policy.ts';
import type { Measure, ScoreKind } from '../../core/scores.ts';
import type { TraceSplit } from '../../core/trace.ts';
import type { TableLayout } from '../arrays/layout.ts';
import type { OpenedTrace } from './open.ts';

/** An array that a file holds. */
export interface Item {
  readonly id: string;
  /** "logits_single.pth › 0" */
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
}

/** `decisions`: labels and confidences themselves. */
export type PartKind = ScoreKind | 'decisions';

/** Which axis of an array of scores comes first. */
export type Axes = 'exits first' | 'images first';

/** One split: where its numbers are. Ids of items, or empty. */
export interface PartAnswers {
  readonly isUsed: boolean;
  readonly split: TraceSplit | '';
  readonly kind: PartKind;
  readonly axes: Axes;
  readonly scores: string;
  readonly prediction: string;
  readonly confidence: string;
  readonly labels: string;
}

/** Units in which exits may cost something. */
export const COST_UNITS = ['FLOPs', 'MACs', 'seconds', 'ms', 'mJ', 'relative'] as const;
export type CostUnit = (typeof COST_UNITS)[number];

/** What predictions are: `unlabelled` are clusters of which no class is known. */
export type Predicted = Exclude<Meaning, 'agreement'>;

/** All that a trace needs and an array does not say. Lists are text: numbers or names with commas between them. */
export interface Answers {
  readonly dataset: string;
  readonly network: string;
  readonly method: string;
  readonly predicted: Predicted | '';
  /** Of scores. */
  readonly measure: Measure;
  /** Of decisions. */
  readonly rule: Rule | '';
  readonly unit: string;
  /** Cumulative cost of leaving at each exit. */
  readonly costs: string;
  readonly costUnit: CostUnit | '';
  /** Whether the last exit is the plain network's own output; `plainCost` where it is not. */
  readonly isLastPlain: 'yes' | 'no' | '';
  readonly plainCost: string;
  /** Empty: 0, 1, … */
  readonly classes: string;
  /** Empty: exit 1, exit 2, … */
  readonly exits: string;
  readonly parts: readonly PartAnswers[];
}

export const columnRoles = [
  ...(['ignored', 'image', 'label', 'exit', 'class'] as const),
  ...(['prediction', 'confidence', 'score'] as const),
] as const;

/** What a column of a table is. */
export interface ColumnMeaning {
  readonly role: (typeof columnRoles)[number];
  /** Of a prediction, a confidence or a score: at which exit; empty where another column says it. */
  readonly exit: string;
  /** Of a score: of which class; empty where another column says it. */
  readonly of: string;
}

export interface TableInfo {
  readonly file: string;
  readonly layout: TableLayout;
  readonly names: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly columns: readonly ColumnMeaning[];
  /** Why it gives no arrays as it is read now; null where it does. */
  readonly fault: string | null;
}

/** How a person corrects the reading of a table: what is not said is recognised again. */
export interface TableRevision {
  readonly layout: TableLayout;
  readonly columns: readonly ColumnMeaning[] | null;
}

export interface Draft {
  readonly id: number;
  readonly files: readonly string[];
  readonly items: readonly Item[];
  readonly tables: readonly TableInfo[];
  /** What was recognised; nothing that no file says. */
  readonly answers: Answers;
}

/** What is wrong with an answer: `field` is its name, of a part's with its number before it ("parts.0.labels"). */
export interface Fault {
  readonly field: string;
  readonly sentence: string;
}

export type Built =
  | { readonly traces: readonly OpenedTrace[]; readonly faults?: undefined }
  | { readonly faults: readonly Fault[] };
