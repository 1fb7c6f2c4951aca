import { rules, type Rule } from '../src/core/policy.ts';
/** What a person may ask the recorder for. */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import type { ConfidenceType } from '../src/core/trace-arrays.ts';
import { datasetIds } from '../src/data/catalogue.ts';
import type { Reading } from '../src/data/pictures/read.ts';
import { FITS, type Fit } from '../src/data/pictures/options.ts';
import type { Budget } from '../src/core/trace-file.ts';
import { isMethodId, METHODS } from '../src/methods/registry.ts';
import {
  checkFlags,
  METHOD_FLAGS,
  METHOD_HELP,
  runsOf,
  type MethodRunAsked,
} from './method-options.ts';

export const HELP = `npm run record -- --dataset D --network N --method M --out DIR
  --dataset       ${datasetIds.join(', ')};
                  or the path of your own: a folder of class folders, a .zip or .tar of them, dataset files, .parquet,
                  or hf:owner/name of the Hugging Face Hub
  --network       an id under public/networks, a folder with model.json and card.json, or FILE.onnx, .keras or .h5 with FILE.card.json
                  beside it; dec: DEC's encoder, untrained
  --exits         exits that are kept of the network, with commas between; NAME=ANOTHER renames one (default: all)
  --method        ${Object.keys(METHODS).join(', ')}; several, with commas between, share the network's passes
  --test-images   trace the first n test images (default: all)
  --trace-train   write the trace of the first n training images; all of them still make the class means (default: all)
  --split         train, test or both: which traces to write (default: both)
  --confidence    uint16 or float32 (default: uint16, see docs/trace-format.md)
  --data          folder of published files (default: the variable OFFRAMP_DATA)
  --keep-traces   seeds whose traces are written (default: all); of the others curves.json keeps results and curves
  --fit           how pictures of other shapes become square: ${Object.keys(FITS).join(', ')} (default: crop)
  --test-share    share of every class that is kept for test where no folder says it (default 0.2), drawn by --split-seed
  --strokes-seed  seed of strokes (default 1); --train and --test: its numbers of images (60000, 10000)
  --workers       compute threads (default: one a core)
  --out           folder for NAME.trace.json and NAME.trace.bin, the images' fingerprints and index.json

Options of the methods
${METHOD_HELP}

npm run record -- --index DIR [--rule above|at-least|below] [--by-class]
  Only writes index.json anew, from the traces in DIR, whoever wrote them: NAME-train.trace.json and NAME-test.trace.json,
  or NAME.train and NAME.test as the page exports them. What is left out is said, with why. --rule says how confidences
  are held of which neither the method nor the file says it. --by-class also searches thresholds for each exit and
  predicted class, some seconds a run, and keeps what they reach in curves.json. Fingerprints of images that are not the
  first of their dataset lie beside the trace: NAME-train.images.bin.`;

/** What is asked beside the options of methods. */
export const OPTIONS = {
  dataset: { type: 'string', default: '' },
  network: { type: 'string', default: '' },
  exits: { type: 'string', default: '' },
  method: { type: 'string', default: 'e2cm' },
  'test-images': { type: 'string', default: '0' },
  'trace-train': { type: 'string', default: '0' },
  split: { type: 'string', default: 'both' },
  confidence: { type: 'string', default: 'uint16' },
  data: { type: 'string', default: process.env.OFFRAMP_DATA ?? '' },
  'keep-traces': { type: 'string', default: '' },
  fit: { type: 'string', default: 'crop' },
  'test-share': { type: 'string', default: '0.2' },
  'split-seed': { type: 'string', default: '1' },
  'strokes-seed': { type: 'string', default: '1' },
  train: { type: 'string', default: '60000' },
  test: { type: 'string', default: '10000' },
  workers: { type: 'string', default: String(availableParallelism()) },
  out: { type: 'string', default: '' },
  index: { type: 'string', default: '' },
  rule: { type: 'string', default: '' },
  'by-class': { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

/** Which images to load; numbers of images are 0 for all. */
export interface ImagesAsked {
  readonly id: string;
  /** Folder of published files, for every dataset but strokes. */
  readonly folder: string;
  readonly strokes: { readonly seed: number; readonly train: number; readonly test: number };
  readonly testImages: number;
  /** How a person's own pictures are read, and for which network. */
  readonly pictures?: Omit<Reading, 'target'> & { readonly network: string };
}

export interface RecordAsked {
  readonly images: ImagesAsked;
  /** An id under public/networks, a folder, or an ONNX file. */
  readonly network: string;
  /** Exits that are kept of the network; empty: as its card says. */
  readonly exits: string;
  /** What is recorded: every method under every budget with every seed, in turn. */
  readonly runs: readonly RunAsked[];
  /** First training images whose trace is written; 0 = all. */
  readonly traceTrain: number;
  readonly split: 'both' | 'train' | 'test';
  readonly confidence: ConfidenceType;
  readonly workers: number;
  readonly out: string;
}

export interface RunAsked extends MethodRunAsked {
  /** Null for a method that trains nothing. */
  readonly budget: Budget | null;
  /** Whether its traces are written, or only what an index says of them. */
  readonly keepsTraces: boolean;
}

export type Asked =
  | { readonly command: 'help' }
  | {
      readonly command: 'index';
      readonly folder: string;
      readonly rule: Rule | undefined;
      /** Whether thresholds by class are searched as well. */
      readonly byClass: boolean;
    }
  | { readonly command: 'record'; readonly record: RecordAsked };

function ruleNamed(name: string): Rule | undefined {
  const rule = rules.find((one) => one === name);
  if (name && !rule) throw new Error(`--rule is ${name}; expected ${rules.join(', ')}.`);
  return rule;
}

/** @throws Error with a sentence when an option is unknown, missing or not what it should be. */
export function parseOptions(args: readonly string[]): Asked {
  // Flags of methods are known by their options alone, those of the recorder by name.
  const flags: object = METHOD_FLAGS;
  const { values } = parseArgs({ args: [...args], options: { ...OPTIONS, ...flags } });
  if (values.help) return { command: 'help' };
  const byClass = values['by-class'];
  if (values.index)
    return { command: 'index', folder: values.index, rule: ruleNamed(values.rule), byClass };
  if (values.rule)
    throw new Error('--rule goes with --index alone; methods have rules of their own.');
  if (byClass)
    throw new Error('--by-class goes with --index alone; record first, then index the folder.');
  if (!values.dataset || !values.network || !values.out)
    throw new Error('Name at least --dataset, --network and --out; --help lists all options.');
  const kept = values['keep-traces'] === '' ? null : listOf(values['keep-traces']).map(Number);
  checkFlags(values);
  const runs = listOf(values.method).flatMap((method): RunAsked[] => {
    if (!isMethodId(method))
      throw new Error(
        `There is no method "${method}"; there is ${Object.keys(METHODS).join(', ')}.`,
      );
    return runsOf(method, values).map((run) => {
      const { epochs, seed } = run.options;
      return {
        ...run,
        budget: typeof epochs === 'number' ? { epochs } : null,
        keepsTraces: kept === null || typeof seed !== 'number' || kept.includes(seed),
      };
    });
  });
  return {
    command: 'record',
    record: {
      images: imagesAsked(values),
      network: values.network,
      exits: values.exits,
      runs,
      traceTrain: whole('trace-train', values['trace-train']),
      split: oneOf('split', values.split, ['both', 'train', 'test']),
      confidence: oneOf('confidence', values.confidence, ['uint16', 'float32']),
      workers: Math.max(1, whole('workers', values.workers)),
      out: values.out,
    },
  };
}

/** The images that flags ask for. @throws Error with a sentence when a number is none. */
export function imagesAsked(values: Readonly<Record<ImageFlag, string>>): ImagesAsked {
  return {
    id: values.dataset,
    folder: values.data,
    strokes: {
      seed: whole('strokes-seed', values['strokes-seed']),
      train: whole('train', values.train),
      test: whole('test', values.test),
    },
    testImages: whole('test-images', values['test-images']),
    pictures: {
      network: values.network,
      fit: oneOf('fit', values.fit, Object.keys(FITS) as Fit[]),
      share: shareOf('test-share', values['test-share']),
      seed: whole('split-seed', values['split-seed']),
    },
  };
}

/** Flags that say which images are meant. */
type ImageFlag =
  | ('dataset' | 'network' | 'data' | 'strokes-seed' | 'train' | 'test' | 'test-images')
  | ('fit' | 'test-share' | 'split-seed');

export const listOf = (text: string): string[] => text.split(',').map((entry) => entry.trim());

export function whole(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0)
    throw new Error(`--${name} must be a whole number, 0 or more; got "${text}".`);
  return value;
}

function shareOf(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < 1))
    throw new Error(`--${name} must be a number between 0 and 1; got "${text}".`);
  return value;
}

function oneOf<Choice extends string>(
  name: string,
  text: string,
  choices: readonly Choice[],
): Choice {
  const found = choices.find((choice) => choice === text);
  if (!found) throw new Error(`--${name} must be one of ${choices.join(', ')}; got "${text}".`);
  return found;
}
