/** Thresholds as a file: a JSON text that says for what exits, which method and under what rule they were found. Untrusted when read. */
import { costSource, costUnit, relativeFlops, withoutCosts } from './costs.ts';
import { PAIR_NAMES } from './pairing.ts';
import { cellOf, rules, thresholdsOf, type Policy } from './policy.ts';
import { list, record, show, text } from './read.ts';
import type { Outcome } from './replay.ts';
import type { Trace } from './trace.ts';

const THRESHOLDS_FORMAT = 'offramp-thresholds/1';

export interface ThresholdsFile extends Policy {
  readonly dataset: string;
  readonly network: string;
  readonly method: string;
  /** What the confidences are, where the file says so. */
  readonly unit: string | null;
  /** Names of all exits, the last one included. */
  readonly exits: readonly string[];
  /** Names of the classes that have thresholds of their own; null where they have not. */
  readonly classes: readonly string[] | null;
  /** Of two judges, what an exit's two thresholds are for; null where there is one judge, or one threshold an exit. */
  readonly pair: readonly string[] | null;
  /** How two judges go together; null where there is one, or the file does not say. */
  readonly agreement: string | null;
  /** Which curve they are of; null where the file does not say. */
  readonly curve: string | null;
}

/**
 * The content of a file of thresholds: what they are of, and what they give on the images of a trace. Open exits are
 * −Infinity, closed ones Infinity: as text, since JSON has neither. What is called FLOPs is FLOPs, and missing where a trace
 * came without; costs in another unit stand beside them, and `cost` says in which.
 * @param about which curve they are of and what set them.
 * @param further what else is said of exit j.
 */
export function thresholdsFile(
  trace: Trace,
  policy: Policy,
  outcome: Outcome,
  about: Readonly<Record<string, string | null>>,
  further: (exit: number) => object = () => ({}),
) {
  const cell = cellOf(policy.thresholds, trace) ?? 'exit';
  const isPair = cell === 'judge' || cell === 'label';
  const own = withoutCosts(trace);
  const flops = relativeFlops(trace, outcome);
  const cost = costsIn(trace);
  return {
    format: THRESHOLDS_FORMAT,
    dataset: trace.dataset,
    network: trace.network,
    method: trace.method,
    rule: policy.rule,
    ...(trace.unit && { unit: trace.unit }),
    ...about,
    ...(cell === 'class' && { classes: trace.classes }),
    ...(isPair && { pair: PAIR_NAMES[cell] }),
    ...(cost && { cost }),
    exits: trace.exits.map((exit, j) => {
      const those = thresholdsOf(policy, trace, j).map(finiteOrText);
      return {
        name: exit.name,
        ...(flops !== null && { flops: own.exits[j]!.flops }),
        ...(cost && { cost: exit.flops }),
        ...(cell === 'exit' ? { threshold: those[0] ?? null } : { thresholds: those }),
        ...further(j),
      };
    }),
    measured: {
      split: trace.split,
      images: trace.count,
      accuracy: outcome.accuracy,
      ...(flops !== null && { relativeFlops: flops }),
      ...(cost && { relativeCost: outcome.meanFlops / trace.networkFlops }),
      leaving: [...outcome.leaving],
    },
    provenance: own.provenance,
  };
}

/** In what a trace counts, where that is not FLOPs: its unit, where the numbers come from, and what the plain network costs. */
export function costsIn(
  trace: Trace,
): { readonly unit: string; readonly source?: string; readonly network: number } | null {
  const unit = costUnit(trace);
  if (unit === 'FLOPs') return null;
  const source = costSource(trace);
  return { unit, ...(source !== null && { source }), network: trace.networkFlops };
}

/** JSON has no infinity. */
export const finiteOrText = (value: number): number | string =>
  Number.isFinite(value) ? value : `${value}`;

/** Whether parsed JSON says that it holds thresholds. */
export const areThresholds = (json: unknown): boolean =>
  typeof json === 'object' &&
  json !== null &&
  'format' in json &&
  json.format === THRESHOLDS_FORMAT;

/**
 * Reads exported thresholds.
 * @param json the parsed content of the file, whatever it is.
 * @throws Error with a sentence that names the field that is wrong, what was expected and what came.
 */
export function readThresholdsFile(json: unknown): ThresholdsFile {
  const file = record(json, 'the thresholds file');
  const rule = rules.find((known) => known === file.rule);
  if (!rule) throw new Error(`rule is ${show(file.rule)}; expected ${rules.join(', ')}.`);
  const exits = list(file.exits, 'exits').map((entry, j) => record(entry, `exits[${j}]`));
  if (exits.length === 0) throw new Error('exits is empty; expected at least one.');
  const classes =
    file.classes === undefined || file.classes === null
      ? null
      : list(file.classes, 'classes').map((name, c) => text(name, `classes[${c}]`));
  const pair = file.pair === undefined || file.pair === null ? null : readPair(file.pair);
  const several = classes ?? pair;
  return {
    rule,
    dataset: text(file.dataset, 'dataset'),
    network: text(file.network, 'network'),
    method: text(file.method, 'method'),
    unit: typeof file.unit === 'string' ? file.unit : null,
    agreement: agreementIn(file.provenance),
    curve: typeof file.curve === 'string' ? file.curve : null,
    exits: exits.map(({ name }, j) => text(name, `exits[${j}].name`)),
    // The last exit takes whoever is left.
    classes,
    pair,
    thresholds: exits
      .slice(0, -1)
      .flatMap(({ threshold, thresholds }, j) =>
        several
          ? readEach(thresholds, several.length, `exits[${j}].thresholds`)
          : [readOne(threshold, `exits[${j}].threshold`)],
      ),
  };
}

/** Another program need not say it. */
function agreementIn(provenance: unknown): string | null {
  if (provenance === undefined) return null;
  const { options } = record(provenance, 'provenance');
  if (options === undefined) return null;
  const { agreement } = record(options, 'provenance.options');
  return typeof agreement === 'string' ? agreement : null;
}

/** What two thresholds an exit are for. */
function readPair(value: unknown): readonly string[] {
  const names = list(value, 'pair').map((name, n) => text(name, `pair[${n}]`));
  const known = Object.values(PAIR_NAMES).find((those) => those.join() === names.join());
  if (!known)
    throw new Error(
      `pair is ${show(value)}; expected ${Object.values(PAIR_NAMES)
        .map((those) => JSON.stringify(those))
        .join(' or ')}.`,
    );
  return known;
}

/** Open and closed exits are text: JSON has no infinity. */
function readOne(value: unknown, field: string): number {
  if (value === 'Infinity') return Infinity;
  if (value === '-Infinity') return -Infinity;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new Error(`${field} is ${show(value)}; expected a number, "Infinity" or "-Infinity".`);
}

/** Several thresholds of an exit. */
function readEach(value: unknown, expected: number, field: string): number[] {
  const those = list(value, field);
  if (those.length !== expected)
    throw new Error(`${field} has ${those.length} entries; expected ${expected}.`);
  return those.map((one, c) => readOne(one, `${field}[${c}]`));
}
