/** The run that this file was filled with. */
import {
  SUPPLEMENT_FORMAT,
  SUPPLEMENT_ID,
  type Supplement,
  type SupplementStop,
} from '../../core/supplement.ts';
import { list, number, record, show, text } from '../../core/read.ts';
import { rules, thresholdsPerExit } from '../../core/policy.ts';
import { decodeTrace } from '../../core/trace-file.ts';
import type { Trace } from '../../core/trace.ts';

export interface SupplementRun extends Omit<Supplement, 'format' | 'header' | 'arrays'> {
  readonly trace: Trace;
}

const WORDS: Readonly<Record<string, number>> = { Infinity, '-Infinity': -Infinity };

const thresholdsIn = (value: unknown, field: string): number[] =>
  list(value, field).map((one, n) =>
    typeof one === 'string' && one in WORDS ? WORDS[one]! : number(one, `${field}[${n}]`),
  );

function stopIn(value: unknown, field: string): SupplementStop {
  const stop = record(value, field);
  return {
    cost: number(stop.cost, `${field}.cost`),
    accuracy: number(stop.accuracy, `${field}.accuracy`),
    thresholds: thresholdsIn(stop.thresholds, `${field}.thresholds`),
  };
}

/**
 * Reads what was filled in.
 * @throws Error with a sentence that names the field that is wrong, what was expected and what came.
 */
export function readSupplement(json: string): SupplementRun {
  if (json.trim() === '')
    throw new Error('This file holds no run; export one from Offramp, Export, One HTML file.');
  const run = record(JSON.parse(json), 'the run');
  if (run.format !== SUPPLEMENT_FORMAT)
    throw new Error(`The run has the format ${show(run.format)}; expected "${SUPPLEMENT_FORMAT}".`);
  const bytes = Uint8Array.from(atob(text(run.arrays, 'arrays')), (c) => c.charCodeAt(0));
  const { trace } = decodeTrace(run.header, bytes);
  const rule = rules.find((known) => known === run.rule);
  if (!rule) throw new Error(`rule is ${show(run.rule)}; expected ${rules.join(', ')}.`);
  const thresholds = thresholdsIn(run.thresholds, 'thresholds');
  if (thresholdsPerExit(thresholds, trace) === null)
    throw new Error(
      `thresholds has ${thresholds.length} entries; the trace has ${trace.exits.length} exits.`,
    );
  return {
    title: text(run.title, 'title'),
    facts: list(run.facts, 'facts').map((value, n) => {
      const fact = record(value, `facts[${n}]`);
      return {
        name: text(fact.name, `facts[${n}].name`),
        value: text(fact.value, `facts[${n}].value`),
      };
    }),
    ...{ rule, thresholds, trace },
    unit: text(run.unit, 'unit'),
    costUnit: text(run.costUnit, 'costUnit'),
    curve: list(run.curve, 'curve').map((stop, n) => stopIn(stop, `curve[${n}]`)),
    tunedOn: text(run.tunedOn, 'tunedOn'),
  };
}

/** The text of the element that holds the run; empty where there is none. */
export const filledIn = (): string => document.getElementById(SUPPLEMENT_ID)?.textContent ?? '';
