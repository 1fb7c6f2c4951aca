/** Sets all thresholds for a target: a cost that may not be passed, or an accuracy that must be reached. */
import { worstLoss } from '../../core/class-effects.ts';
import { replay, replayBuffers } from '../../core/replay.ts';
import type { Tuned } from '../../core/search/coordinate.ts';
import { isAbort } from '../../data/errors.ts';
import { runSparing } from '../../engine/client/search.ts';
import { notify, sentenceOf } from '../notices.ts';
import type { Attempt } from './attempt.ts';
import { undominated, type Curve, type CurveId } from './curve.ts';
import { activeCurve, preparedFor, tuningTrace, type PolicySource } from './derive.ts';
import type { Scene } from './scene.ts';
import { apply, measureTuning } from './shown.ts';

export interface Target {
  readonly kind: 'cost' | 'accuracy';
  readonly value: number;
  /** The most accuracy that a class may lose on the tuning trace against the plain network, 0…1; null for any. */
  readonly mostLoss: number | null;
}

/** Curves whose thresholds are free: where a class is to be spared they are searched again. The others are what they are. */
const SEARCHED_AGAIN: ReadonlySet<CurveId> = new Set(['frontier', 'class-aware']);

/** Who sets thresholds that a target found later leaves alone; a search moves them by itself. */
const BY_HAND: ReadonlySet<PolicySource> = new Set(['person', 'link', 'file', 'certified']);

/** What a scene aims for now: another target ends the search for it. */
const aims = new WeakMap<Scene, Attempt>();

/**
 * Takes the most accurate policy on the tuning trace that costs at most so much, or the cheapest that is at least so
 * accurate, and says so when there is none. Where no class may lose more than so much the curve is searched again for
 * policies that spare all of them; what a person sets meanwhile stays.
 */
export async function aimFor(scene: Scene, target: Target): Promise<void> {
  const { searches, shown } = scene;
  aims.get(scene)?.controller.abort(new DOMException('Another target was set.', 'AbortError'));
  const curve = activeCurve(shown.getState());
  if (!curve || curve.stops.length === 0) return;
  const { mostLoss } = target;
  if (mostLoss === null) return take(scene, curve, target, curve.stops);
  const mine = scene.searching.ongoing().part();
  aims.set(scene, mine);
  const { policy } = shown.getState();
  searches.setState({ answer: 'Looking for policies that spare every class …' });
  try {
    const policies = await sparing(scene, curve, mostLoss, mine.signal);
    mine.say(() => {
      const now = shown.getState();
      if (now.policy === policy || !BY_HAND.has(now.source)) take(scene, curve, target, policies);
      else searches.setState({ answer: null });
    });
  } catch (error) {
    if (isAbort(error)) return;
    mine.say(() => searches.setState({ answer: null }));
    notify('error', sentenceOf(error));
  }
}

/** Puts the policy that meets a target on screen. */
function take(
  scene: Scene,
  { rule }: Curve,
  { kind, value, mostLoss }: Target,
  policies: readonly Tuned[],
): void {
  const stops = undominated(policies);
  const stop =
    kind === 'cost'
      ? stops.findLast(({ cost }) => cost <= value)
      : stops.find(({ accuracy }) => accuracy >= value);
  scene.searches.setState({ answer: stop ? null : whyNone(stops, kind, value, mostLoss) });
  if (!stop) return;
  apply(scene, { rule, thresholds: stop.thresholds }, 'target');
  measureTuning(scene);
}

function whyNone(
  stops: readonly Tuned[],
  kind: Target['kind'],
  value: number,
  mostLoss: number | null,
): string {
  const none =
    mostLoss === null
      ? 'No policy of this curve'
      : `No policy that lets every class lose at most ${(100 * mostLoss).toFixed(1)} points`;
  const [cheapest, best] = [stops[0], stops.at(-1)];
  if (!cheapest || !best) return `${none} is on this curve.`;
  return kind === 'cost'
    ? `${none} costs ${value.toFixed(2)} or less; the cheapest costs ${cheapest.cost.toFixed(3)}.`
    : `${none} gets ${(value * 100).toFixed(1)} % on the tuning images; the best gets ${(best.accuracy * 100).toFixed(1)} %.`;
}

/** The policies of a curve that take no more than so much accuracy from any class, and those that are found beside them. */
async function sparing(
  { shown }: Scene,
  { id, rule, stops }: Curve,
  mostLoss: number,
  signal: AbortSignal,
): Promise<readonly Tuned[]> {
  const tuning = tuningTrace(shown.getState());
  if (!tuning) return stops;
  const trace = preparedFor(id, tuning);
  const buffers = replayBuffers(trace.count, trace.exits.length);
  const found: Tuned[] = stops.filter(
    ({ thresholds }) => worstLoss(trace, replay(trace, { rule, thresholds }, buffers)) <= mostLoss,
  );
  if (SEARCHED_AGAIN.has(id))
    await runSparing(
      { trace, rule, mostLoss, from: stops },
      (step) => found.push(...step.found),
      signal,
    );
  return found;
}
