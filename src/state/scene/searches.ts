/** Runs threshold searches when a tuning trace is complete, and answers targets from what they found. */
import type { Tuned } from '../../core/search/coordinate.ts';
import type { Policy, Rule } from '../../core/policy.ts';
import { worstLoss } from '../../core/class-effects.ts';
import { policyForShares } from '../../core/quantile.ts';
import { replay, replayBuffers } from '../../core/replay.ts';
import type { FrontierPoint } from '../../core/search/frontier.ts';
import { certify, harmsOf, type RiskOptions } from '../../core/search/risk.ts';
import { everyNth, type Trace } from '../../core/trace.ts';
import { isAbort } from '../../data/errors.ts';
import { runSearch } from '../../engine/client/search.ts';
import type { SearchId } from '../../engine/searches.ts';
import { clusteringId, heldIn, searchedBy } from '../../methods/registry.ts';
import { notify, sentenceOf } from '../notices.ts';
import { useSettings } from '../settings.ts';
import type { Attempt } from './attempt.ts';
import { curveOf, sweepCurve, type Curve, type CurveId } from './curve.ts';
import { activeCurve, heldBy, preparedFor, tuningTrace } from './derive.ts';
import type { Scene } from './scene.ts';
import { acceptCurve, apply, chooseCurve, measureTuning, setPolicyFromStop } from './shown.ts';

export interface SearchState {
  /** The searches that are running: the next of all, and the one of the chosen curve. */
  readonly running: readonly SearchId[];
  /** Why the last target was not met; null when it was. */
  readonly answer: string | null;
  /** What risk control promised last, or why it could not. */
  readonly certificate: string | null;
}

export const noSearches: SearchState = { running: [], answer: null, certificate: null };

/** Ends whatever is searching: another trace is coming. */
export function stopSearches({ searching, searches }: Scene): void {
  searching.stop();
  searches.setState(noSearches);
}

/** The quick sweep on a complete training trace, so that there is a curve at once. */
export async function sweepNow(scene: Scene, tuning: Trace): Promise<void> {
  const mine = scene.searching.ongoing();
  const curve = await sweepCurve(tuning, heldIn(tuning), () => mine.signal.aborted);
  if (!curve) return;
  mine.say(() => {
    acceptCurve(scene, curve);
    measureTuning(scene);
  });
}

/** The frontier and the paper's search one after the other, and the chosen rule where it is neither. */
export async function searchAll(scene: Scene): Promise<void> {
  const mine = scene.searching.ongoing();
  const { chosen } = scene.shown.getState();
  for (const search of new Set<CurveId>([chosen, 'frontier', 'paper'])) {
    if (mine.signal.aborted) return;
    if (search !== 'sweep') await searchOne(scene, search, mine);
  }
}

/** Chooses a curve and searches it, if nobody has. */
export async function chooseAndSearch(scene: Scene, id: CurveId): Promise<void> {
  const mine = scene.searching.ongoing();
  chooseCurve(scene, id);
  scene.searches.setState({ answer: null, certificate: null });
  if (id !== 'sweep') await searchOne(scene, id, mine);
}

/** A search that was ended half-way begins anew; of one that is running, its end is waited for. */
async function searchOne(scene: Scene, search: SearchId, mine: Attempt): Promise<void> {
  const state = scene.shown.getState();
  const tuning = tuningTrace(state);
  if (!tuning || mine.signal.aborted) return;
  if (state.curves[search]?.done === 1) return;
  await mine.once(search, () => searchOn(scene, search, tuning, mine));
}

async function searchOn(
  scene: Scene,
  search: SearchId,
  tuning: Trace,
  mine: Attempt,
): Promise<void> {
  const { searches } = scene;
  const started = performance.now();
  const rule = heldBy(search, tuning);
  const found: Tuned[] = [];
  searches.setState(({ running }) => ({ running: [...running, search] }));
  try {
    await runSearch(
      {
        ...{ search, trace: tuning, seed: useSettings.getState().seed },
        ...searchedBy(tuning),
      },
      ({ found: more, done }) => {
        found.push(...more);
        if (found.length === 0) return;
        const seconds = (performance.now() - started) / 1000;
        mine.say(() => acceptCurve(scene, curveOf(search, rule, tuning, found, { done, seconds })));
      },
      mine.signal,
    );
  } catch (error) {
    if (!isAbort(error)) notify('error', sentenceOf(error));
  }
  mine.say(() => {
    searches.setState(({ running }) => ({ running: running.filter((one) => one !== search) }));
    measureTuning(scene);
  });
}

export interface Target {
  readonly kind: 'cost' | 'accuracy';
  readonly value: number;
  /** The most accuracy that a class may lose on the tuning trace against the plain network, 0…1; null for any. */
  readonly mostLoss: number | null;
}

/**
 * Sets all thresholds for a target on the tuning trace: the most accurate stop that costs at most so much, or the
 * cheapest that is at least so accurate. Says so when no stop does.
 */
export function aimFor(scene: Scene, { kind, value, mostLoss }: Target): void {
  const curve = activeCurve(scene.shown.getState());
  if (!curve || curve.stops.length === 0) return;
  const { stops } = curve;
  const spares = sparing(scene, curve, mostLoss);
  if (!stops.some(spares)) {
    const answer = `No policy of this curve lets every class lose at most ${(100 * mostLoss!).toFixed(1)} points on the tuning images.`;
    scene.searches.setState({ answer });
    return;
  }
  const at =
    kind === 'cost'
      ? stops.findLastIndex((stop) => stop.cost <= value && spares(stop))
      : stops.findIndex((stop) => stop.accuracy >= value && spares(stop));
  const bound = kind === 'cost' ? stops[0]! : stops.at(-1)!;
  if (at < 0) {
    const fairly =
      mostLoss === null
        ? ''
        : ` Of those that let no class lose more than ${(100 * mostLoss).toFixed(1)} points, none does.`;
    const answer =
      kind === 'cost'
        ? `No policy of this curve costs ${value.toFixed(2)} or less; the cheapest costs ${bound.cost.toFixed(3)}.`
        : `No policy of this curve gets ${(value * 100).toFixed(1)} % on the tuning images; the best gets ${(bound.accuracy * 100).toFixed(1)} %.`;
    scene.searches.setState({ answer: answer + fairly });
    return;
  }
  scene.searches.setState({ answer: null });
  setPolicyFromStop(scene, at, 'target');
  measureTuning(scene);
}

/** Whether a stop takes no more than so much accuracy from any class on the tuning trace. */
function sparing(
  { shown }: Scene,
  { id, rule }: Curve,
  mostLoss: number | null,
): (stop: FrontierPoint) => boolean {
  const tuning = tuningTrace(shown.getState());
  if (mostLoss === null || !tuning) return () => true;
  const trace = preparedFor(id, tuning);
  const buffers = replayBuffers(trace.count, trace.exits.length);
  return ({ thresholds }) =>
    worstLoss(trace, replay(trace, { rule, thresholds }, buffers)) <= mostLoss;
}

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
  // Other traces may be on screen by now.
  if (mine.signal.aborted) return;
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
