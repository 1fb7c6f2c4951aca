/** Risk control: a promise on fresh images. Fetched when a person asks for one. */
import { costUnit } from '../../core/costs.ts';
import { closedPolicy, type Policy, type Rule } from '../../core/policy.ts';
import { policyForShares } from '../../core/quantile.ts';
import { replay } from '../../core/replay.ts';
import { certifyAny, harmsOf, type RiskOptions } from '../../core/search/risk.ts';
import { everyNth, type Trace } from '../../core/trace.ts';
import { clusteringId, heldIn } from '../../methods/registry.ts';
import type { Curve, CurveId } from './curve.ts';
import { preparedFor, tuningTrace } from './derive.ts';
import type { Scene } from './scene.ts';
import { chooseAndSearch } from './searches.ts';
import { apply, measureTuning } from './shown.ts';

/** Curves whose own policies are certified, and what they are called. For any other curve one share for all exits is. */
const FAMILIES: Readonly<Partial<Record<CurveId, string>>> = {
  frontier: 'the frontier',
  tied: 'the frontier with judges tied',
  'class-aware': 'the frontier by class',
};

/** Policies in an order that the tuning images alone fix, from the safest to the boldest, and what is said of one. */
interface Sequence {
  readonly order: readonly Policy[];
  readonly words: (index: number) => string;
}

/**
 * Risk control: the boldest of a fixed family of policies whose harm is certified on fresh images. Where a frontier is
 * chosen its policies are tried, from the dearest down, and beside them one share for all exits, from no early exits to
 * everybody at the first, each at half of δ; where another curve is, those shares alone. The fresh images are every other
 * test image: training images, held out or not, have been seen by the network. The other half of the test images shows
 * what the promise is worth.
 */
export async function certifyRisk(scene: Scene, options: RiskOptions): Promise<void> {
  const { train, test, chosen } = scene.shown.getState();
  const say = (certificate: string): void => scene.searches.setState({ certificate });
  if (!train || !test || train.count < train.total || test.count < test.total) {
    say('Risk control needs complete traces of both splits. Run to the end first.');
    return;
  }
  const mine = scene.searching.ongoing();
  const name = FAMILIES[chosen];
  const family: CurveId = name ? chosen : 'shared-quantile';
  await chooseAndSearch(scene, family);
  const now = scene.shown.getState();
  // Other traces may be on screen by now, or another curve.
  if (mine.signal.aborted || now.chosen !== family) return;
  const tuning = preparedFor(family, tuningTrace(now) ?? train);
  const curve = now.curves[family];
  const sequences = [
    ...(name && curve?.done === 1 ? [stopsOf(curve, tuning, name)] : []),
    sharesOf(train, heldIn(train)),
  ];
  const orders = sequences.map(({ order }) => order);
  const certified = certifyAny(everyNth(test, 2), orders, options);
  const promise = `ε = ${options.epsilon}, δ = ${options.delta}`;
  const costs = certified.map(({ index }, n) =>
    index < 0 ? Infinity : replay(tuning, orders[n]![index]!).meanFlops,
  );
  const cheapest = costs.indexOf(Math.min(...costs));
  const { index, harms, images } = certified[cheapest]!;
  if (index < 0) {
    say(
      `${promise}: nothing can be certified with ${images} test images. Trace more, or ask for less.`,
    );
    return;
  }
  const policy = orders[cheapest]![index]!;
  const others = everyNth(test, 2, 1);
  const check = harmsOf(others, policy) / others.count;
  apply(scene, policy, 'certified');
  scene.searches.setState({ promised: options.epsilon });
  say(
    `Certified for ${promise}: ${sequences[cheapest]!.words(index)}. Of ${images} test images (every ` +
      `other one) early exits make ${harms} wrong; that the true share is above ε has a probability of at most δ. On the ` +
      `other ${others.count} it is ${(check * 100).toFixed(2)} %.${isClusteringId(test.method) ? SEEN : ''}`,
  );
  measureTuning(scene);
}

/** What a promise on images that a clustering has seen is worth. */
const SEEN =
  ' The encoder and its centres were trained on all images, these included, without their labels: the promise is for images ' +
  'drawn from among them, not for new ones.';

const isClusteringId = (method: string): boolean => method === clusteringId;

/** The policies of a curve from the dearest down, after one that closes every exit. */
function stopsOf({ rule, stops }: Curve, tuning: Trace, name: string): Sequence {
  const down = [...stops].reverse();
  return {
    order: [
      closedPolicy(rule, tuning.exits.length),
      ...down.map(({ thresholds }) => ({ rule, thresholds })),
    ],
    words: (index) =>
      index === 0
        ? 'every exit is closed'
        : `the policy of ${name} at ${down[index - 1]!.cost.toFixed(3)} of the ${costUnit(tuning)}, by the images that it was found on`,
  };
}

/** One share for all exits, from 0 to 100 %. */
function sharesOf(trace: Trace, rule: Rule): Sequence {
  const shares = Array.from({ length: 101 }, (_, n) => n / 100);
  return {
    order: shares.map((share) =>
      policyForShares(trace, rule, new Array<number>(trace.exits.length - 1).fill(share)),
    ),
    words: (index) => `every exit lets ${(shares[index]! * 100).toFixed(0)} % go`,
  };
}
