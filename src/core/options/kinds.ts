/** The kinds of options: one of several, a whole number, an amount, a share, yes or no. */
import type {
  ChoiceControl,
  Control,
  NumberControl,
  Option,
  OptionValue,
  Range,
} from './option.ts';

/** What every kind takes. All but title and help has a default. */
export interface About<Value extends OptionValue> extends Partial<
  Pick<
    Option<Value>,
    'scope' | 'place' | 'key' | 'flag' | 'counts' | 'idPart' | 'madeWith' | 'paper' | 'sharedTitle'
  >
> {
  readonly title: string;
  readonly help: string;
}

/** An option whose control is of a known kind. */
type With<Value extends OptionValue, Of extends Control<Value>> = Option<Value> & {
  readonly control: Of;
};

interface Kind<Value extends OptionValue, Of extends Control<Value>> {
  readonly usual: Value;
  readonly allowed: Range<Value>;
  readonly offered?: Range<Value>;
  readonly control: Of;
  readonly write?: (value: Value) => string;
}

function option<Value extends OptionValue, Of extends Control<Value>>(
  { usual, allowed, offered = allowed, control, write = String }: Kind<Value, Of>,
  about: About<Value>,
): With<Value, Of> {
  return {
    scope: 'detail',
    place: 'menu',
    sharedTitle: about.title,
    key: null,
    flag: null,
    counts: null,
    paper: null,
    madeWith: ({ provenance }, name) => provenance.options[name],
    ...about,
    ...{ usual, allowed, offered, control, write },
    matches: (value, made) => {
      // Where nothing in particular is asked for, whatever was recorded is right.
      const asked: Control<Value> = control;
      if (asked.kind === 'number' && asked.none !== null && value === 0) return true;
      return (made ?? usual) === value;
    },
  };
}

type Words = string | { readonly choice: string; readonly name: string };

/**
 * One of several texts.
 * @param words each value with what it means, in the order in which they are offered.
 */
export function choice<const Value extends string>(
  usual: NoInfer<Value>,
  words: Readonly<Record<Value, Words>>,
  about: About<Value>,
): With<Value, ChoiceControl<Value>> {
  const values = Object.keys(words) as Value[];
  const allowed: Range<Value> = {
    expected: values.length === 2 ? values.join(' or ') : `one of ${values.join(', ')}`,
    has: (value) => values.some((one) => one === value),
    read: (text) => values.find((one) => one === text),
  };
  const choices = values.map((value) => {
    const said: Words = words[value];
    return typeof said === 'string'
      ? { value, words: said, name: value }
      : { value, words: said.choice, name: said.name };
  });
  return option({ usual, allowed, control: { kind: 'choice', choices } }, about);
}

interface AboutWhole extends About<number> {
  /** What it is, before "from 1 to 1000": "a number of epochs". */
  readonly noun?: string;
  /** What 0 stands for, which is then allowed whatever the least is: "all". */
  readonly none?: string;
  /** What the page offers, where that is less. */
  readonly offered?: readonly [least: number, most: number];
}

/** A whole number. */
export function whole(
  usual: number,
  [least, most]: readonly [number, number],
  { noun = 'a whole number', none, offered = [least, most], ...about }: AboutWhole,
): With<number, NumberControl> {
  const empty = none === undefined ? null : none;
  const [from, to] = offered;
  const control: NumberControl = { kind: 'number', least: from, most: to, step: 1, none: empty };
  return option(
    {
      usual,
      allowed: wholes(noun, least, most, empty),
      offered: wholes(noun, from, to, empty),
      control,
    },
    about,
  );
}

function wholes(noun: string, least: number, most: number, none: string | null): Range<number> {
  const has = (value: unknown): boolean =>
    Number.isInteger(value) &&
    ((none !== null && value === 0) || (Number(value) >= least && Number(value) <= most));
  return {
    expected: `${noun} ${least === 0 ? 'up to' : `from ${least} to`} ${most}${none === null ? '' : `, or 0 for ${none}`}`,
    has,
    read: reader(/^\d{1,10}$/, has),
  };
}

/** A number above 0. */
export function amount(
  usual: number,
  most: number,
  about: About<number>,
): With<number, NumberControl> {
  const has = (value: unknown): boolean => typeof value === 'number' && value > 0 && value <= most;
  const allowed = {
    expected: `a number above 0, at most ${most}`,
    has,
    read: reader(/^\d{1,10}(\.\d{1,6})?$/, has),
  };
  const control: NumberControl = { kind: 'number', least: 0, most, step: null, none: null };
  return option({ usual, allowed, control }, about);
}

interface AboutShare extends About<number> {
  /** The shares that the page offers, each with what it means. */
  readonly offers: readonly number[];
  readonly words: (share: number) => string;
}

/** A share of 1, from none to `most`; the page offers a few. */
export function share(
  usual: number,
  most: number,
  { offers, words, ...about }: AboutShare,
): With<number, ChoiceControl<number>> {
  const has = (value: unknown): boolean => typeof value === 'number' && value >= 0 && value <= most;
  const read = reader(/^\d(\.\d{1,6})?$/, has);
  const offered = {
    expected: `one of ${offers.join(', ')}`,
    has: (value: unknown) => offers.some((one) => one === value),
    read: (text: string) => offers.find((one) => one === read(text)),
  };
  const choices = offers.map((value) => ({ value, words: words(value), name: `${value}` }));
  const allowed = { expected: `a share from 0 to ${most}`, has, read };
  return option({ usual, allowed, offered, control: { kind: 'choice', choices } }, about);
}

/** Yes or no. */
export function yesNo(usual: boolean, about: About<boolean>): Option<boolean> {
  const allowed: Range<boolean> = {
    expected: 'yes or no',
    has: (value) => typeof value === 'boolean',
    read: (text) => (text === 'yes' ? true : text === 'no' ? false : undefined),
  };
  const write = (value: boolean): string => (value ? 'yes' : 'no');
  return option({ usual, allowed, control: { kind: 'yes-no' }, write }, about);
}

function reader(form: RegExp, has: (value: unknown) => boolean) {
  return (text: string): number | undefined => {
    const written = text.trim();
    const value = Number(written);
    return form.test(written) && has(value) ? value : undefined;
  };
}
