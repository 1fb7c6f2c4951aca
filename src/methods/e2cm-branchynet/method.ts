/**
 * E2CM+BranchyNet (E2CM §3.2: any existing scheme can be combined): an image leaves by agreement of a branch's entropy
 * and E2CM's confidence at the same place, with the branch's label. The branches do not see the distances, as E2CM+SDN's
 * classifiers do: class means exist only once the network that they are means of has been trained.
 */
import { readOptions } from '../../core/options/schema.ts';
import { sizeOf } from '../../core/shape.ts';
import { through } from '../contract/kernel.ts';
import type { MethodReport } from '../contract/run.ts';
import { normalisingDecider, pairDecider } from '../parts/agreement/decider.ts';
import { explainPair } from '../parts/agreement/explain.ts';
import type { PairArrays } from '../parts/agreement/pair.ts';
import { pairArrays, readPair } from '../parts/agreement/save.ts';
import { branchSites, filedUnder } from '../parts/branches/plan.ts';
import { jointPhases, prepareJoint, readyNetwork } from '../parts/branches/ready.ts';
import { networkArrays, readSavedNetwork } from '../parts/branches/save.ts';
import { checkSameClasses } from '../parts/classifiers/prepare.ts';
import { fitMeans } from '../parts/means/fit.ts';
import { checkAgreement } from '../parts/options/agreement.ts';
import type { TrainingImages } from '../run/images.ts';
import { methodOf } from '../run/method.ts';
import { branchLines, decideBranchPair, type E2cmBranchyFitted } from './decide.ts';
import { e2cmBranchyWritten } from './written.ts';
import { E2CM_BRANCHY_OPTIONS, type E2cmBranchyOptions } from './options.ts';
import { own } from './own.ts';
import { branchPairExits, outputsAt } from './plan.ts';

const NAME = 'E2CM+BranchyNet';

const placesOf = (outputs: readonly number[]) => ({ outputs: Uint32Array.from(outputs) });

export const e2cmBranchynet = methodOf<
  E2cmBranchyOptions,
  E2cmBranchyFitted,
  TrainingImages,
  MethodReport,
  PairArrays
>({
  id: 'e2cm-branchynet',
  options: (saved) => readOptions(E2CM_BRANCHY_OPTIONS, saved),
  check(dataset, options, network) {
    checkAgreement(options);
    checkSameClasses(dataset, network, NAME);
  },
  prepare: (dataset, options, runner) => prepareJoint(dataset, options, runner, NAME),
  phases: (prepared, options, runner) => [
    ...jointPhases(prepared, options, runner),
    { phase: 'class means', images: prepared.train.count },
  ],
  async fit(fitting) {
    const { dataset, options, phases, context } = fitting;
    const { train } = fitting.prepared;
    const { classes } = dataset;
    const k = classes.length;
    // Without class means there is nothing to go on with: a training cut short is lost to this method.
    const ready = await readyNetwork(own.learner('joint'), fitting, () => undefined);
    const { runner, network, epochs } = ready;
    const outputs = outputsAt(runner.network);
    const sizes = [...branchSites(runner.network).map(({ size }) => size), k];
    const sums = through(own.kernel('sums'), placesOf(outputs));
    const on = { phases, context: { ...context, runner } };
    return {
      ...{ classes, options, network, epochs, outputs, trainImages: train.count },
      isNormalised: false,
      ...(await fitMeans(sums, k, sizes, train, on)),
      exits: branchPairExits(runner.network, k),
      normaliser: new Float64Array(sizes.length * k),
    };
  },
  through: ({ outputs, means, counts }) =>
    through(own.kernel('outputs'), { ...placesOf(outputs), means, counts }),
  decider: (fitted) => pairDecider(decideBranchPair, fitted),
  judge({ exits, means, counts, normaliser, options }) {
    const dimensions = exits.slice(0, -1).map(({ size }) => size!);
    const judging = own.judge({ means, counts, normaliser, dimensions });
    return { ...judging, pairing: options.agreement };
  },
  tracing: (images) => [{ phase: 'distances', images }],
  learning: {
    isDone: ({ isNormalised }) => isNormalised,
    decider: (fitted, split, on) =>
      normalisingDecider(decideBranchPair, fitted, split, on, (of) => ({
        ...of,
        isNormalised: true,
      })),
  },
  head: filedUnder,
  report: (_, times) => ({ ...times, warnings: [] }),
  network: ({ network }) => network,
  written: e2cmBranchyWritten,
  explain: (fitted, arrays) => explainPair(fitted, arrays, decideBranchPair, 'branch', branchLines),
  save(fitted) {
    const { network, exits, outputs, epochs, isNormalised } = fitted;
    return {
      numbers: { epochs, normalised: isNormalised ? 1 : 0 },
      arrays: { ...pairArrays(fitted), ...networkArrays(network, exits, outputs) },
    };
  },
  load({ learnt, numbers, arrays, network }) {
    const saved = readSavedNetwork(arrays);
    const k = learnt.classes.length;
    // Branches hang on the ends of stages, which the trained network has in common with the loaded one.
    const outputs = saved?.outputs ?? outputsAt(network);
    const sites = outputs.slice(0, -1).map((output) => network.stages[network.exits[output]!]!);
    return {
      ...learnt,
      ...readPair(arrays, k, [...sites.map(({ shape }) => sizeOf(shape)), k]),
      exits: saved?.exits ?? branchPairExits(network, k),
      outputs,
      network: saved?.network ?? null,
      epochs: numbers.epochs ?? 0,
      // Files of before say for how many images confidences were ranked, which came with the normaliser.
      isNormalised: (numbers.normalised ?? numbers.ranked ?? 0) > 0,
    };
  },
});
