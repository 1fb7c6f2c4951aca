/** Everything that an export holds, file by file. */
import { withCosts, type Costs } from '../core/costs.ts';
import type { ImageShape, Split } from '../core/dataset.ts';
import type { Policy } from '../core/policy.ts';
import { replay, summed, type Outcome } from '../core/replay.ts';
import { costsIn, finiteOrText, thresholdsFile } from '../core/thresholds-file.ts';
import { relativeCost, type Trace } from '../core/trace.ts';
import type { WrittenExit } from '../methods/contract/written.ts';
import { cutNetwork } from '../network/cut.ts';
import type { NetworkFiles } from '../network/files.ts';
import { checkBinary, checkOf, type Check, type Outputs } from './check.ts';
import { headerFiles } from './header.ts';
import { stagedModels, stageName, wholeModel } from './model.ts';
import { isAnyEnough, planOf, type Plan } from './plan.ts';
import { readme } from './readme.ts';

/** What the images are, and under which licence they come. */
export interface ImagesAbout {
  readonly title: string;
  readonly licence: string;
  readonly citation: string;
  readonly url: string;
}

/** What is exported. */
export interface Wanted extends Outputs {
  readonly files: NetworkFiles;
  readonly exits: readonly WrittenExit[];
  /** Of the test images, as the method that is exported traced them: its costs are FLOPs. */
  readonly trace: Trace;
  /** In what else a person counts; null or missing where in nothing else. */
  readonly costs?: Costs | null;
  readonly policy: Policy;
  /** The name of the method, and what set its thresholds. */
  readonly methodName: string;
  readonly setBy: string | null;
  readonly curve: string | null;
  readonly images: ImagesAbout;
  readonly shape: ImageShape;
  /** Images that the export is checked by: their indices in the split, and their pixels. */
  readonly which: readonly number[];
  readonly checked: Split;
  /** Commit of the code that writes it. */
  readonly commit: string;
}

/** Texts of `drivers/`, by name. */
export type Drivers = Readonly<
  Record<'offramp.py' | 'offramp.mjs' | 'offramp.h' | 'check.c', string>
>;

export interface Progress {
  /** What is written, in words. */
  readonly writing: string;
  readonly done: number;
  readonly total: number;
}

export type Files = Map<string, Uint8Array>;

/** @throws Error with a sentence when something of it cannot be written. */
export async function bundle(
  wanted: Wanted,
  drivers: Drivers,
  tell: (progress: Progress) => void = () => undefined,
): Promise<Files> {
  const { trace, policy, shape } = wanted;
  const steps = ['the network', 'the check', 'model.onnx', 'staged/', 'c/'];
  const step = (n: number) => tell({ writing: steps[n]!, done: n, total: steps.length + 1 });
  step(0);
  const network = await cutNetwork(wanted.files);
  const outcome = replay(trace, policy);
  const plan = planOf(wanted.exits, trace.classes, policy);
  const priced = pricedOf(wanted, outcome);
  const says = sentenceOf(wanted, outcome, priced);
  step(1);
  const check = checkOf(
    plan,
    { trace, exitOf: outcome.exitOf },
    wanted.which,
    wanted.checked,
    shape,
    wanted,
  );
  const inC = checkBinary(plan, check, wanted);
  const of = { network, card: wanted.files.card, shape, plan, says };
  const files: Files = new Map();
  const add = (name: string, text: string) => files.set(name, new TextEncoder().encode(text));
  step(2);
  files.set('model.onnx', wholeModel(of));
  step(3);
  for (const { name, bytes } of stagedModels(of)) files.set(name, bytes);
  step(4);
  for (const [name, text] of Object.entries(headerFiles(plan, network, says)))
    add(`c/${name}`, text);
  add('c/offramp.h', drivers['offramp.h']);
  add('c/check.c', drivers['check.c']);
  files.set('c/check.bin', inC.bytes);
  add('offramp.py', drivers['offramp.py']);
  add('offramp.mjs', drivers['offramp.mjs']);
  add('thresholds.json', json(thresholds(wanted, plan, outcome, priced)));
  add('card.json', json(cardOf(wanted, plan, outcome, priced)));
  add('check.json', json(check));
  add('README.txt', readme({ wanted, plan, outcome, priced, check, imagesInC: inC.images, says }));
  return files;
}

/** The same trace and outcome under the costs that a person counts in. */
export interface Priced {
  readonly trace: Trace;
  readonly outcome: Outcome;
  readonly unit: string;
}

/** Null where costs are FLOPs alone. */
function pricedOf({ trace, costs }: Wanted, outcome: Outcome): Priced | null {
  if (!costs) return null;
  const priced = withCosts(trace, costs);
  return { trace: priced, outcome: summed(priced, { ...outcome }), unit: costs.unit };
}

const shareOf = ({ trace, outcome }: Pick<Priced, 'trace' | 'outcome'>): number =>
  outcome.meanFlops / trace.networkFlops;

const json = (value: object): string => `${JSON.stringify(value, null, 1)}\n`;

function sentenceOf(
  { files, trace, methodName }: Wanted,
  outcome: Outcome,
  priced: Priced | null,
): string {
  const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
  return (
    `${files.card.title} with ${methodName}: ${percent(outcome.accuracy)} of ${trace.count} ${trace.split} images right at ` +
    `${percent(shareOf({ trace, outcome }))} of the network's FLOPs` +
    `${priced ? `, ${percent(shareOf(priced))} of its ${priced.unit}` : ''}.`
  );
}

/** The page's own file of thresholds, with what drivers need beside: files, and a threshold for each judge. */
function thresholds(
  { trace, policy, setBy, curve }: Wanted,
  plan: Plan,
  outcome: Outcome,
  priced: Priced | null,
) {
  const planned = new Map(plan.exits.map((exit) => [exit.exit, exit]));
  const last = trace.exits.length - 1;
  const of = priced ?? { trace, outcome };
  const file = thresholdsFile(of.trace, policy, of.outcome, { curve, setBy }, (j) => {
    const exit = planned.get(j);
    if (!exit) return { file: null };
    const judges = exit.thresholds.map((of) => Array.from(of, finiteOrText));
    return { file: stageName(exit), judges };
  });
  const [agree = null] = plan.exits.filter(({ exit }) => exit < last).map((exit) => exit.agree);
  return { ...file, agree: isAnyEnough(agree) ? 'or' : agree, surest: plan.takesSurest };
}

/** What stands behind every figure. */
function cardOf(wanted: Wanted, plan: Plan, outcome: Outcome, priced: Priced | null) {
  const { trace, files, images, methodName, commit } = wanted;
  const open = new Set(plan.exits.map(({ exit }) => exit));
  const { card } = files;
  return {
    format: 'offramp-export/1',
    network: {
      ...{ id: card.id, title: card.title, architecture: card.architecture },
      ...{ input: card.input, parameters: card.parameters, trainedOn: card.dataset },
    },
    dataset: { id: trace.dataset, ...images },
    method: { id: trace.method, name: methodName, options: trace.provenance.options },
    rule: plan.rule,
    trainImages: trace.provenance.trainImages,
    measured: {
      split: trace.split,
      images: trace.count,
      accuracy: outcome.accuracy,
      meanFlops: outcome.meanFlops,
      relativeFlops: shareOf({ trace, outcome }),
      ...(priced && { relativeCost: shareOf(priced) }),
    },
    networkFlops: trace.networkFlops,
    ...(priced && { cost: costsIn(priced.trace) }),
    exits: trace.exits.map(({ name, flops }, j) => ({
      ...{ name, isOpen: open.has(j), flops, relativeFlops: relativeCost(trace, j) },
      ...(priced && {
        cost: priced.trace.exits[j]!.flops,
        relativeCost: relativeCost(priced.trace, j),
      }),
      ...{ leaving: outcome.leaving[j], right: outcome.right[j] },
    })),
    traced: trace.provenance,
    exportedBy: { program: 'Offramp', commit },
  };
}

/** What a README is written of. */
export interface Described {
  readonly wanted: Wanted;
  readonly plan: Plan;
  readonly outcome: Outcome;
  readonly priced: Priced | null;
  readonly check: Check;
  readonly imagesInC: number;
  readonly says: string;
}
