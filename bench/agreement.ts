/**
 * What each rule of agreement would make of SDN and E2CM as they were recorded apart:
 *
 *   npm run bench:agreement -- DIR/DATASET-NETWORK-e2cm DIR/DATASET-NETWORK-sdn-1ep-seed1 [more of SDN …]
 *
 * Their two confidences at SDN's sites are joined as E2CM+SDN joins them, ranks among the traced training images, and
 * the distances are paid for. What is left out is that E2CM+SDN's classifiers see those distances too. Accuracy on test
 * in percent at relative costs, thresholds found on train by the paper's search.
 */
import { accuracyAtBudget, BUDGETS, testCurve, trainHull } from '../cli/curves.ts';
import { readTrace } from '../cli/files.ts';
import { distanceFlops } from '../src/core/flops.ts';
import type { Trace } from '../src/core/trace.ts';
import { scorePair, type Pair } from '../src/methods/parts/agreement/pair.ts';
import { AGREEMENTS, type Agreement } from '../src/methods/parts/options/agreement.ts';
import { sortedBySite } from '../src/methods/parts/agreement/ranks.ts';

/** Place of each of SDN's exits among E2CM's. */
const placesOf = (sdn: Trace, e2cm: Trace): number[] =>
  sdn.exits.map(({ name }) => {
    const place = e2cm.exits.findIndex((exit) => exit.name === name);
    if (place < 0) throw new Error(`E2CM's run has no exit ${name}.`);
    return place;
  });

function pairOf(sdn: Trace, e2cm: Trace): Pair {
  const { count } = sdn;
  if (e2cm.count !== count)
    throw new Error(`The runs traced ${count} and ${e2cm.count} ${sdn.split} images.`);
  const prediction = Uint8Array.from(sdn.prediction);
  const confidence = new Float32Array(sdn.confidence.length);
  placesOf(sdn, e2cm).forEach((place, j) => {
    const row = [place * count, (place + 1) * count] as const;
    prediction.set(e2cm.prediction.subarray(...row), j * count);
    confidence.set(e2cm.confidence.subarray(...row), j * count);
  });
  return {
    classifier: {
      prediction: Uint8Array.from(sdn.prediction),
      confidence: sdn.confidence,
      stride: count,
    },
    means: { prediction, confidence, stride: count },
  };
}

/** SDN's trace with the score of a rule, and with the cost of the distances at every site that is visited. */
function joined(sdn: Trace, e2cm: Trace, train: Pair, trained: number, agreement: Agreement) {
  const sites = sdn.exits.length - 1;
  const places = placesOf(sdn, e2cm);
  let distances = 0;
  const exits = sdn.exits.map((exit, j) => {
    if (j < sites) distances += distanceFlops(sdn.classes.length, e2cm.exits[places[j]!]!.size!);
    return { ...exit, flops: exit.flops + distances };
  });
  const ranks = {
    classifier: sortedBySite(train.classifier, sites, trained),
    means: sortedBySite(train.means, sites, trained),
  };
  const out = {
    prediction: new Uint8Array(sdn.prediction.length),
    confidence: new Float32Array(sdn.confidence.length),
    stride: sdn.count,
  };
  scorePair({ exits, ranks, options: { agreement } }, pairOf(sdn, e2cm), 0, sdn.count, out);
  return { ...sdn, ...out, exits, method: 'e2cm-sdn' };
}

function print(name: string, train: Trace, test: Trace): void {
  const curve = testCurve(trainHull('paper', train), test);
  const cells = BUDGETS.map((budget) => {
    const accuracy = accuracyAtBudget(curve, budget);
    return (accuracy === null ? '–' : (100 * accuracy).toFixed(1)).padStart(6);
  });
  console.log(`  ${name.padEnd(16)}${cells.join('')}`);
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
  console.log(`  ${''.padEnd(16)}${BUDGETS.map((b) => b.toFixed(2).padStart(6)).join('')}`);
  print('SDN alone', train!, test!);
  const pair = pairOf(train!, e2cmTrain!);
  for (const agreement of AGREEMENTS)
    print(
      agreement,
      joined(train!, e2cmTrain!, pair, train!.count, agreement),
      joined(test!, e2cmTest!, pair, train!.count, agreement),
    );
}
