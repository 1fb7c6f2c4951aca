/** The options of all methods as flags: what may be given, what it means, and the runs that are asked for with it. */
import type { Option, OptionValues } from '../src/core/options/option.ts';
import { flagOf } from '../src/core/options/schema.ts';
import { METHODS, type MethodId } from '../src/methods/registry.ts';

interface Holder {
  readonly method: MethodId;
  readonly option: Option;
}

const optionsOf = (method: MethodId): [name: string, option: Option][] =>
  Object.entries<Option>(METHODS[method].options);

/** Who takes each flag, in the order of methods and of their options. */
const holders = new Map<string, Holder[]>();
for (const method of Object.keys(METHODS) as MethodId[])
  for (const [name, option] of optionsOf(method)) {
    const flag = flagOf(name, option);
    holders.set(flag, [...(holders.get(flag) ?? []), { method, option }]);
  }

/** For `parseArgs`; what is not given is empty. */
export const METHOD_FLAGS: Readonly<Record<string, { type: 'string'; default: string }>> =
  Object.fromEntries([...holders.keys()].map((flag) => [flag, { type: 'string', default: '' }]));

const INDENT = 18;
const WIDTH = 120;

/** A paragraph for every flag: whose it is, what it does, what it may be, what it is otherwise. */
export const METHOD_HELP: string = [...holders]
  .map(([flag, of]) => `  --${flag}`.padEnd(INDENT - 1) + ' ' + wrapped(wordsOf(of)))
  .join('\n');

function wordsOf(of: readonly Holder[]): string {
  const [{ option }] = of as [Holder];
  const { help, allowed, usual } = option;
  const isEverybodys = of.length === Object.keys(METHODS).length;
  const whose = isEverybodys ? '' : `${of.map(({ method }) => METHODS[method].name).join(', ')}. `;
  // Where methods name it differently, the shortest is what they have in common.
  const [title] = of.map((one) => one.option.title).sort((a, b) => a.length - b.length);
  const defaults = of
    .filter((one) => one.option.usual !== usual)
    .map((one) => `${METHODS[one.method].name}: ${one.option.write(one.option.usual)}`);
  const several = option.idPart ? '; several with commas between' : '';
  const otherwise = [option.write(usual), ...defaults].join(', ');
  return `${whose}${title}: ${allowed.expected}${several} (default: ${otherwise}). ${help}`;
}

function wrapped(text: string): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1)!;
    if (line !== '' && INDENT + line.length + 1 + word.length > WIDTH) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.join(`\n${' '.repeat(INDENT)}`);
}

export interface MethodRunAsked {
  readonly method: MethodId;
  readonly options: OptionValues;
  /** What decides on the same fit beside that of the options, so that it is traced again under each. */
  readonly furtherVariants: readonly OptionValues[];
}

/**
 * The runs of a method that flags ask for: one for every value where there are several, the first option's slowest.
 * @throws Error with a sentence when a value is not allowed.
 */
export function runsOf(
  method: MethodId,
  flags: Readonly<Record<string, unknown>>,
): MethodRunAsked[] {
  const all = optionsOf(method);
  const product = (isVariant: boolean): OptionValues[] =>
    all
      .filter(([, { scope }]) => (scope === 'variant') === isVariant)
      .reduce<OptionValues[]>(
        (sets, [name, option]) =>
          sets.flatMap((set) =>
            valuesOf(flagOf(name, option), option, flags).map((value) => ({
              ...set,
              [name]: value,
            })),
          ),
        [{}],
      );
  const [first, ...furtherVariants] = product(true);
  // In the order of the method's own options, as its traces tell them.
  const inOrder = (options: OptionValues): OptionValues =>
    Object.fromEntries(all.map(([name, { usual }]) => [name, options[name] ?? usual]));
  return product(false).map((options) => ({
    method,
    options: inOrder({ ...options, ...first }),
    furtherVariants,
  }));
}

/** Checks every flag that is given, also those that none of the methods at hand takes. */
export function checkFlags(flags: Readonly<Record<string, unknown>>): void {
  for (const [flag, of] of holders) valuesOf(flag, of[0]!.option, flags);
}

/** One value or several; those of a choice in its own order, in which one fit can serve them all. */
function valuesOf(flag: string, option: Option, flags: Readonly<Record<string, unknown>>) {
  const given = flags[flag];
  if (typeof given !== 'string' || given === '') return [option.usual];
  const texts = option.idPart ? given.split(',').map((text) => text.trim()) : [given];
  const values = texts.map((text) => {
    const value = option.allowed.read(text);
    if (value === undefined)
      throw new Error(`--${flag} must be ${option.allowed.expected}; got "${text}".`);
    return value;
  });
  const { control } = option;
  if (control.kind !== 'choice') return values;
  return control.choices.map(({ value }) => value).filter((value) => values.includes(value));
}
