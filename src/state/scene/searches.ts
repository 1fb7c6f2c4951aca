/** Runs threshold searches when a tuning trace is complete. */
import type { Rule } from '../../core/policy.ts';
import type { SearchStep } from '../../core/search/best.ts';
import type { Tuned } from '../../core/search/coordinate.ts';
import type { Trace } from '../../core/trace.ts';
import { isAbort } from '../../data/errors.ts';
import { runSearch } from '../../engine/client/search.ts';
import type { SearchId } from '../../engine/searches.ts';
import { heldIn, searchedBy } from '../../methods/registry.ts';
import { notify, sentenceOf } from '../notices.ts';
import { useSettings } from '../settings.ts';
import type { Attempt } from './attempt.ts';
import { curveOf, sweepCurve, type CurveId } from './curve.ts';
import { heldBy, tuningTrace } from './derive.ts';
import type { Scene } from './scene.ts';
import { acceptCurve, chooseCurve, clearTraces, measureTuning, prepareCurve } from './shown.ts';
import { nextTurn } from './turn.ts';

export interface SearchState {
  /** The searches that are running: the next of all, and the one of the chosen curve. */
  readonly running: readonly SearchId[];
  /** Why the last target was not met; null when it was. */
  readonly answer: string | null;
  /** What risk control promised last, or why it could not. */
  readonly certificate: string | null;
  /** The harm that it promised at most; null where it promised nothing. */
  readonly promised: number | null;
}

export const noSearches: SearchState = {
  ...{ running: [], answer: null, certificate: null, promised: null },
};

/** Ends whatever is searching: another trace is coming. */
export function stopSearches({ searching, searches }: Scene): void {
  searching.stop();
  searches.setState(noSearches);
}

/** Another run comes on screen: its traces go, and with them whatever was searched on them meanwhile. */
export function dropTraces(scene: Scene): void {
  stopSearches(scene);
  clearTraces(scene);
}

/** Numbers of a trace beyond which one policy of a sweep takes longer than a page's thread may be kept. */
const SWEPT_HERE = 400_000;

/** The quick sweep on a complete training trace, so that there is a curve at once: of a large one in a worker. */
export async function sweepNow(scene: Scene, tuning: Trace): Promise<void> {
  const mine = scene.searching.ongoing();
  if (tuning.confidence.length > SWEPT_HERE)
    return mine.once('sweep', () => searchOn(scene, 'sweep', tuning, mine));
  const curve = await sweepCurve(tuning, heldIn(tuning), mine.signal);
  if (!curve) return;
  await prepareCurve(scene, curve, mine.signal);
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
  scene.searches.setState({ answer: null, certificate: null, promised: null });
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
  search: CurveId,
  tuning: Trace,
  mine: Attempt,
): Promise<void> {
  const { searches } = scene;
  const drawing = new Drawing(scene, search, tuning, mine);
  searches.setState(({ running }) => ({ running: [...running, search] }));
  try {
    await runSearch(
      {
        ...{ search, trace: tuning, seed: useSettings.getState().seed },
        ...searchedBy(tuning),
      },
      (step) => drawing.take(step),
      mine.signal,
    );
    await drawing.ended;
    await nextTurn();
  } catch (error) {
    if (!isAbort(error)) notify('error', sentenceOf(error));
    mine.forget(search);
  }
  mine.say(() => {
    searches.setState(({ running }) => ({ running: running.filter((one) => one !== search) }));
    measureTuning(scene);
  });
  // The next search begins with handing over the trace once more: that takes a turn of its own.
  await nextTurn();
}

/** The curve of a search as its policies come, drawn on test in slices: whatever came while one was drawn is the next. */
class Drawing {
  readonly #found: Tuned[] = [];
  readonly #started = performance.now();
  readonly #rule: Rule;
  #next: { readonly done: number; readonly seconds: number } | null = null;
  #isDrawing = false;
  /** When all that came is on screen. */
  ended: Promise<void> = Promise.resolve();

  constructor(
    private readonly scene: Scene,
    private readonly search: CurveId,
    private readonly tuning: Trace,
    private readonly mine: Attempt,
  ) {
    this.#rule = heldBy(search, tuning);
  }

  take({ found, done }: SearchStep): void {
    this.#found.push(...found);
    if (this.#found.length === 0) return;
    this.#next = { done, seconds: (performance.now() - this.#started) / 1000 };
    if (!this.#isDrawing) this.ended = this.#draw();
  }

  async #draw(): Promise<void> {
    const { scene, search, tuning, mine } = this;
    this.#isDrawing = true;
    while (this.#next && !mine.signal.aborted) {
      const curve = curveOf(search, this.#rule, tuning, this.#found, this.#next);
      this.#next = null;
      await prepareCurve(scene, curve, mine.signal);
      mine.say(() => acceptCurve(scene, curve));
    }
    this.#isDrawing = false;
  }
}
