/**
 * What each rule of agreement makes of SDN and E2CM as they were recorded apart:
 *
 *   npm run bench:agreement -- DIR/DATASET-NETWORK-e2cm DIR/DATASET-NETWORK-sdn-1ep-seed1 [more of SDN …]
 *
 * E2CM is the second judge of SDN's traces at SDN's sites, and the distances are paid for. What is left out is that
 * E2CM+SDN's classifiers see those distances too. Accuracy on test in percent at relative costs, thresholds found on train
 * by the frontier search, and by the paper's: of both judges apart, and tied by rank.
 */
import { accuracyAtBudget, BUDGETS, testCurve } from '../cli/curves.ts';
import { readTrace } from '../cli/files.ts';
import { distanceFlops } from '../src/core/flops.ts';
import { underPairing } from '../src/core/pairing.ts';
import { upperHull } from '../src/core/search/frontier.ts';
import type { Trace } from '../src/core/trace.ts';
import { searchSteps, type SearchId } from '../src/engine/searches.ts';
import { AGREEMENTS } from '../src/methods/parts/options/agreement.ts';

/** Place of each of SDN's exits among E2CM's. */
const placesOf = (sdn: Trace, e2cm: Trace): number[] =>
  sdn.exits.map(({ name }) => {
    const place = e2cm.exits.findIndex((exit) => exit.name === name);
    if (place < 0) throw new Error(`E2CM's run has no exit ${name}.`);
    return place;
  });

/** SDN's trace with E2CM as its second judge, and with the cost of the distances at every site that is visited. */
function joined(sdn: Trace, e2cm: Trace): Trace {
  const { count } = sdn;
  if (e2cm.count !== count)
    throw new Error(`The runs traced ${count} and ${e2cm.count} ${sdn.split} images.`);
  const places = placesOf(sdn, e2cm);
  const second = { prediction: sdn.prediction.slice(), confidence: sdn.confidence.slice() };
  places.forEach((place, j) => {
    const row = [place * count, (place + 1) * count] as const;
    second.prediction.set(e2cm.prediction.subarray(...row), j * count);
    second.confidence.set(e2cm.confidence.subarray(...row), j * count);
  });
  const sites = sdn.exits.length - 1;
  let distances = 0;
  const exits = sdn.exits.map((exit, j) => {
    if (j < sites) distances += distanceFlops(sdn.classes.length, e2cm.exits[places[j]!]!.size!);
    return { ...exit, flops: exit.flops + distances };
  });
  return { ...sdn, second, exits, method: 'e2cm-sdn' };
}

function print(name: string, search: SearchId, train: Trace, test: Trace): void {
  const steps = searchSteps({ search, trace: train, seed: 1, rule: 'at-least' });
  const curve = testCurve(upperHull([...steps].flatMap(({ found }) => found)), test);
  const cells = BUDGETS.map((budget) => {
    const accuracy = accuracyAtBudget(curve, budget);
    return (accuracy === null ? '–' : (100 * accuracy).toFixed(1)).padStart(6);
  });
  console.log(`  ${name.padEnd(16)} ${search.padEnd(9)}${cells.join('')}`);
}

const [means, ...runs] = process.argv.slice(2);
if (!means || runs.length === 0)
  throw new Error('Name a recorded run of E2CM and one or more of SDN, without -train.trace.');
const [e2cmTrain, e2cmTest] = ['train', 'test'].map(
  (split) => readTrace(`${means}-${split}.trace`).trace,
);
for (const name of runs) {
  const [train, test] = ['train', 'test'].map((split) => readTrace(`${name}-${split}.trace`).trace);
  console.log(name);
  console.log(`  ${''.padEnd(26)}${BUDGETS.map((b) => b.toFixed(2).padStart(6)).join('')}`);
  for (const search of ['frontier', 'paper'] as const) print('SDN alone', search, train!, test!);
  const [both, onTest] = [joined(train!, e2cmTrain!), joined(test!, e2cmTest!)];
  for (const agreement of AGREEMENTS) {
    const under = (trace: Trace): Trace => underPairing(trace, agreement);
    const isOfJudges = agreement === 'or' || agreement === 'and-confidence';
    for (const search of [...(isOfJudges ? (['tied'] as const) : []), 'frontier', 'paper'] as const)
      print(agreement, search, under(both), under(onTest));
  }
}
