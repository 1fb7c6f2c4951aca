/**
 * An option of a run as data. From it follow its type and default, its property of the link, its `--flag` and help, its
 * control, how it is held against a recorded run and how a saved file is checked: nobody else lists options by name.
 */
import type { RecordedRun } from '../run-index.ts';

export type OptionValue = string | number | boolean;

/** Options by name, as traces and files keep them. */
export type OptionValues = Readonly<Record<string, OptionValue>>;

/** What a value may be. */
export interface Range<Value extends OptionValue> {
  /** In words, after "expected": "a whole number from 1 to 1000". */
  readonly expected: string;
  /** Untrusted values are asked about, too. */
  has(value: unknown): boolean;
  /** The value that a text stands for; undefined where it stands for none. */
  read(text: string): Value | undefined;
}

/** One of several, by its words. */
export interface ChoiceControl<Value extends OptionValue> {
  readonly kind: 'choice';
  readonly choices: readonly {
    readonly value: Value;
    /** As one of several: "nearest raw distance (released code)". */
    readonly words: string;
    /** As part of a run's name: "both confident". */
    readonly name: string;
  }[];
}

export interface NumberControl {
  readonly kind: 'number';
  readonly least: number;
  readonly most: number;
  /** Between two values; null where every number is one. */
  readonly step: number | null;
  /** What an empty field, or 0, stands for; null where there must be a number. */
  readonly none: string | null;
}

/** How a person sets an option. */
export type Control<Value extends OptionValue> =
  ChoiceControl<Value> | NumberControl | { readonly kind: 'yes-no' };

/**
 * What an option is to runs that stand side by side:
 * `course` — images, budget and seed: told apart wherever runs are shown;
 * `variant` — decides on what was learnt and learns nothing: one fit is traced under several, each with a name of its own;
 * `detail` — everything else: the same for all that are compared, which is its default.
 */
export type Scope = 'course' | 'variant' | 'detail';

/** What a recorded run tells of how it was made. */
export type Made = Pick<RecordedRun, 'budget' | 'provenance'>;

export interface Option<Value extends OptionValue = OptionValue> {
  /** What holds where nothing is chosen. */
  readonly usual: Value;
  /** What a method takes: held against files and the command line. */
  readonly allowed: Range<Value>;
  /** What the page offers and a link may name: all of that, or less. */
  readonly offered: Range<Value>;
  /** Beside its control: "Last exit". */
  readonly title: string;
  /** One line: what it does. */
  readonly help: string;
  readonly control: Control<Value>;
  readonly scope: Scope;
  /** Where its control stands: in the menu of options, or in the bar for all to see. */
  readonly place: 'menu' | 'bar';
  /** Beside its control where several methods share it: "E2CM+… leaves". */
  readonly sharedTitle: string;
  /** Property of the link; null: the option's name. */
  readonly key: string | null;
  /** Of the recorder, without dashes; null: the option's name. */
  readonly flag: string | null;
  /** The split whose images it counts, the first so many; null for any other. */
  readonly counts: 'train' | 'test' | null;
  /** What the paper says of it where that is no value of it, and how it is called there. */
  readonly paper: { readonly what: string; readonly says: string } | null;
  /** Its part of a run's id: "6ep"; missing where it has none. */
  idPart?(value: Value): string;
  write(value: Value): string;
  /** The value that a run was made with; undefined where it does not say, because it is older than the option. */
  madeWith(made: Made, name: string): unknown;
  /** Whether a run that was made with `madeWith`, undefined where it does not say, is what this value asks for. */
  matches(value: Value, madeWith: unknown): boolean;
}
