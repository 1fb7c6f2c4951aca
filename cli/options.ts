/** What a person may ask the recorder for. */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import type { ConfidenceType } from '../src/core/trace-arrays.ts';
import { datasetIds } from '../src/data/catalogue.ts';
import { DEC_DEFAULTS } from '../src/methods/dec/options.ts';
import { AGREEMENTS, type Agreement } from '../src/methods/e2cm-sdn/options.ts';
import type { Budget } from '../src/core/trace-file.ts';
import { isMethodId, METHODS, type MethodId, type MethodOptions } from '../src/methods/registry.ts';

export const HELP = `npm run record -- --dataset D --network N --method M --out DIR
  --dataset       ${datasetIds.join(', ')}
  --network       an id under public/networks, or a folder with model.json and card.json; dec: DEC's encoder, untrained
  --method        ${Object.keys(METHODS).join(', ')}; several, with commas between, share the network's passes
  --train-images  use the first n training images (default: all)
  --test-images   trace the first n test images (default: all)
  --trace-train   write the trace of the first n training images; all of them still make the class means (default: all)
  --split         train, test or both: which traces to write (default: both)
  --confidence    uint16 or float32 (default: uint16, see docs/trace-format.md)
  --data          folder of published files (default: the variable OFFRAMP_DATA)
  --budget        epochs of training, for a method that trains (default: the method's); several with commas between
  --seed          seed of training (default 1); several with commas between
  --keep-traces   seeds whose traces are written (default: all); of the others curves.json keeps results and curves
  --strokes-seed  seed of strokes (default 1); --train and --test: its numbers of images (60000, 10000)
  --workers       compute threads (default: one a core)
  --holdout       share of the training images kept from the means and traced as a split of its own (default 0)
  --label         E2CM: normalised or raw; --last-exit network or nearest-mean
  --agreement     E2CM+SDN and E2CM+BranchyNet: ${AGREEMENTS.join(', ')} (default: and-confidence);
                  several with commas between share one training
  --clusters      DEC: how many (default: as many as classes); --refine-steps, --interval, --batch, --refine-batch: most
                  steps of a refinement, steps between two targets, images a step of pretraining and refinement
                  (default: ${DEC_DEFAULTS.refineSteps}, ${DEC_DEFAULTS.interval}, ${DEC_DEFAULTS.batch}, ${DEC_DEFAULTS.refineBatch})
  --out           folder for NAME.trace.json and NAME.trace.bin, the images' fingerprints and index.json

npm run record -- --index DIR
  Only writes index.json anew, from the traces in DIR.`;

const OPTIONS = {
  dataset: { type: 'string', default: '' },
  network: { type: 'string', default: '' },
  method: { type: 'string', default: 'e2cm' },
  'train-images': { type: 'string', default: '0' },
  'test-images': { type: 'string', default: '0' },
  'trace-train': { type: 'string', default: '0' },
  split: { type: 'string', default: 'both' },
  confidence: { type: 'string', default: 'uint16' },
  data: { type: 'string', default: process.env.OFFRAMP_DATA ?? '' },
  budget: { type: 'string', default: '' },
  seed: { type: 'string', default: '1' },
  'keep-traces': { type: 'string', default: '' },
  'strokes-seed': { type: 'string', default: '1' },
  train: { type: 'string', default: '60000' },
  test: { type: 'string', default: '10000' },
  workers: { type: 'string', default: String(availableParallelism()) },
  holdout: { type: 'string', default: '0' },
  label: { type: 'string', default: 'normalised' },
  'last-exit': { type: 'string', default: 'network' },
  agreement: { type: 'string', default: 'and-confidence' },
  clusters: { type: 'string', default: String(DEC_DEFAULTS.clusters) },
  'refine-steps': { type: 'string', default: String(DEC_DEFAULTS.refineSteps) },
  interval: { type: 'string', default: String(DEC_DEFAULTS.interval) },
  batch: { type: 'string', default: String(DEC_DEFAULTS.batch) },
  'refine-batch': { type: 'string', default: String(DEC_DEFAULTS.refineBatch) },
  out: { type: 'string', default: '' },
  index: { type: 'string', default: '' },
  help: { type: 'boolean', default: false },
} as const;

/** Which images to load; numbers of images are 0 for all. */
export interface ImagesAsked {
  readonly id: string;
  /** Folder of published files, for every dataset but strokes. */
  readonly folder: string;
  readonly strokes: { readonly seed: number; readonly train: number; readonly test: number };
  readonly testImages: number;
}

export interface RecordAsked {
  readonly images: ImagesAsked;
  /** An id under public/networks, or a folder. */
  readonly network: string;
  /** What is recorded: every method under every budget with every seed, in turn. */
  readonly runs: readonly RunAsked[];
  /** First training images whose trace is written; 0 = all. */
  readonly traceTrain: number;
  readonly split: 'both' | 'train' | 'test';
  readonly confidence: ConfidenceType;
  readonly workers: number;
  readonly out: string;
}

export interface RunAsked {
  readonly method: MethodId;
  /** Of any method: it takes those that it has. */
  readonly options: Partial<MethodOptions<MethodId>>;
  /** Rules of agreement beside that of the options, under which the same fit is traced again. */
  readonly furtherAgreements: readonly Agreement[];
  /** Null for a method that trains nothing. */
  readonly budget: Budget | null;
  /** Whether its traces are written, or only what an index says of them. */
  readonly keepsTraces: boolean;
}

export type Asked =
  | { readonly command: 'help' }
  | { readonly command: 'index'; readonly folder: string }
  | { readonly command: 'record'; readonly record: RecordAsked };

/** @throws Error with a sentence when an option is unknown, missing or not what it should be. */
export function parseOptions(args: readonly string[]): Asked {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  if (values.help) return { command: 'help' };
  if (values.index) return { command: 'index', folder: values.index };
  if (!values.dataset || !values.network || !values.out)
    throw new Error('Name at least --dataset, --network and --out; --help lists all options.');
  const seeds = listOf(values.seed).map((seed) => whole('seed', seed));
  const kept = values['keep-traces'] === '' ? seeds : listOf(values['keep-traces']).map(Number);
  const agreements = agreementsOf(values.agreement);
  const shared = {
    label: oneOf('label', values.label, ['normalised', 'raw']),
    lastExit: oneOf('last-exit', values['last-exit'], ['network', 'nearest-mean']),
    trainImages: whole('train-images', values['train-images']),
    agreement: agreements[0]!,
    clusters: whole('clusters', values.clusters),
    refineSteps: whole('refine-steps', values['refine-steps']),
    interval: whole('interval', values.interval),
    batch: whole('batch', values.batch),
    refineBatch: whole('refine-batch', values['refine-batch']),
    holdout: Number(values.holdout),
  };
  const runs = listOf(values.method).flatMap((method): RunAsked[] => {
    if (!isMethodId(method))
      throw new Error(
        `There is no method "${method}"; there is ${Object.keys(METHODS).join(', ')}.`,
      );
    const { trainsFor, defaults } = METHODS[method];
    const furtherAgreements = 'agreement' in defaults ? agreements.slice(1) : [];
    if (trainsFor === null)
      return [{ method, options: shared, furtherAgreements, budget: null, keepsTraces: true }];
    const budgets = values.budget === '' ? [trainsFor] : listOf(values.budget).map(Number);
    return budgets.flatMap((epochs) =>
      seeds.map((seed) => ({
        method,
        options: { ...shared, epochs, seed },
        furtherAgreements,
        budget: { epochs },
        keepsTraces: kept.includes(seed),
      })),
    );
  });
  return {
    command: 'record',
    record: {
      images: {
        id: values.dataset,
        folder: values.data,
        strokes: {
          seed: whole('strokes-seed', values['strokes-seed']),
          train: whole('train', values.train),
          test: whole('test', values.test),
        },
        testImages: whole('test-images', values['test-images']),
      },
      network: values.network,
      runs,
      traceTrain: whole('trace-train', values['trace-train']),
      split: oneOf('split', values.split, ['both', 'train', 'test']),
      confidence: oneOf('confidence', values.confidence, ['uint16', 'float32']),
      workers: Math.max(1, whole('workers', values.workers)),
      out: values.out,
    },
  };
}

const listOf = (text: string): string[] => text.split(',').map((entry) => entry.trim());

/** In the order of AGREEMENTS: a fit for "and-label" alone has no ranks, which the other rules need. */
function agreementsOf(text: string): Agreement[] {
  const asked = listOf(text).map((entry) => oneOf('agreement', entry, AGREEMENTS));
  return AGREEMENTS.filter((agreement) => asked.includes(agreement));
}

function whole(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0)
    throw new Error(`--${name} must be a whole number, 0 or more; got "${text}".`);
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
