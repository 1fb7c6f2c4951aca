/** Risk control: a promise on fresh images. Fetched when a person asks for one. */
import type { Policy, Rule } from '../../core/policy.ts';
import { policyForShares } from '../../core/quantile.ts';
import { certify, harmsOf, type RiskOptions } from '../../core/search/risk.ts';
import { everyNth, type Trace } from '../../core/trace.ts';
import { clusteringId, heldIn } from '../../methods/registry.ts';
import type { Scene } from './scene.ts';
import { chooseAndSearch } from './searches.ts';
import { apply, measureTuning } from './shown.ts';

/**
 * Risk control: the boldest of a fixed family of policies whose harm is certified on fresh images. The family is one
 * share for all exits, tuned on the training images, from no early exits to everybody at the first. The fresh images
 * are every other test image: training images, held out or not, have been seen by the network. The other half of the
 * test images shows what the promise is worth.
 */
export async function certifyRisk(scene: Scene, options: RiskOptions): Promise<void> {
  const { train, test } = scene.shown.getState();
  const say = (certificate: string): void => scene.searches.setState({ certificate });
  if (!train || !test || train.count < train.total || test.count < test.total) {
    say('Risk control needs complete traces of both splits. Run to the end first.');
    return;
  }
  const mine = scene.searching.ongoing();
  await chooseAndSearch(scene, 'shared-quantile');
  // Other traces may be on screen by now, or another curve.
  if (mine.signal.aborted || scene.shown.getState().chosen !== 'shared-quantile') return;
  const shares = Array.from({ length: 101 }, (_, n) => n / 100);
  const order = shares.map((share) => sharesPolicy(train, heldIn(train), share));
  const { index, harms, images } = certify(everyNth(test, 2), order, options);
  const promise = `ε = ${options.epsilon}, δ = ${options.delta}`;
  if (index < 0) {
    say(
      `${promise}: nothing can be certified with ${images} test images. Trace more, or ask for less.`,
    );
    return;
  }
  const others = everyNth(test, 2, 1);
  const check = harmsOf(others, order[index]!) / others.count;
  apply(scene, order[index]!, 'certified');
  scene.searches.setState({ promised: options.epsilon });
  say(
    `Certified for ${promise}: every exit lets ${(shares[index]! * 100).toFixed(0)} % go. Of ${images} test images (every ` +
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

function sharesPolicy(trace: Trace, rule: Rule, share: number): Policy {
  return policyForShares(trace, rule, new Array<number>(trace.exits.length - 1).fill(share));
}
