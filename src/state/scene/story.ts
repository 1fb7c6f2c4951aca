/** The story of the selected image: its distances to every class mean at every exit, asked of the engine. */
import { create } from 'zustand';
import { imageAt } from '../../core/dataset.ts';
import { isAbort } from '../../data/errors.ts';
import type { Explanation } from '../../engine/client/types.ts';
import { imagesOf, type Trace } from '../../core/trace.ts';
import { useExplore } from './shown.ts';
import { sentenceOf } from '../notices.ts';
import { useSession } from './run.ts';
import { engineThatLearnt, runningEngine } from '../lease/engine.ts';
import { worthALook } from './suggest.ts';
import { useView } from '../view.ts';

export interface StoryState {
  /** The image that is told of: the selected one, or while there is none, one worth a look. */
  readonly image: number | null;
  readonly explanation: Explanation | null;
  /** Why there is none, as a sentence. */
  readonly problem: string | null;
}

export const useStory = create<StoryState>(() => ({
  image: null,
  explanation: null,
  problem: null,
}));

/** What is told, where it is of a trace with these exits and classes: another one may just have come on screen. */
export function explanationFor(
  { explanation }: Pick<StoryState, 'explanation'>,
  trace: Pick<Trace, 'exits' | 'classes'> | null,
): Explanation | null {
  const fits =
    explanation?.exits.length === trace?.exits.length &&
    explanation?.classes.length === trace?.classes.length;
  return fits ? explanation : null;
}

/** Counts questions: only the latest answer is shown. */
let latest = 0;

async function tell(image: number | null): Promise<void> {
  const mine = ++latest;
  const { trace } = useExplore.getState();
  const { dataset, recorded } = useSession.getState();
  if (image === null || !trace || image >= trace.count) {
    useStory.setState({ image: null, explanation: null, problem: null });
    return;
  }
  if (recorded || !dataset) {
    useStory.setState({ image, explanation: null, problem: null });
    return;
  }
  useStory.setState({ image });
  try {
    const engine = await runningEngine();
    if (engine.fitted !== null && !(await engineThatLearnt(trace.method)))
      throw new Error(
        'What was learnt for this run gave way to another one, on another page. Run again to see this image’s story.',
      );
    const explanation = await engine.explain(
      imageAt(imagesOf(dataset, trace), dataset.shape, image),
    );
    if (mine === latest) useStory.setState({ explanation, problem: null });
  } catch (error) {
    if (mine !== latest || isAbort(error)) return;
    useStory.setState({ explanation: null, problem: sentenceOf(error) });
  }
}

/** What was told is of another trace than the one that comes on screen. */
export function forgetStory(): void {
  latest++;
  useStory.setState({ image: null, explanation: null, problem: null });
}

let suggested: { readonly trace: Trace; readonly image: number | null } | null = null;

/** Stays the same for one complete trace, however the thresholds move. */
function suggestion(): number | null {
  const { trace, outcome, source } = useExplore.getState();
  if (!trace || !outcome || trace.split !== 'test' || trace.count < trace.total) return null;
  if (source === 'provisional') return null;
  if (suggested?.trace !== trace) suggested = { trace, image: worthALook(trace, outcome) };
  return suggested.image;
}

/** Follows the selection: a new image, another split, or a finished run asks again. */
export function followSelection(): void {
  let asked = '';
  const ask = (): void => {
    const { trace } = useExplore.getState();
    const { status, dataset, recorded } = useSession.getState();
    const image = useView.getState().image ?? suggestion();
    const ready = image !== null && trace !== null && image < trace.count;
    const question = `${image} ${trace?.method} ${trace?.split} ${dataset?.id} ${dataset?.seed} ${recorded?.id} ${status} ${ready}`;
    if (question === asked) return;
    asked = question;
    void tell(image);
  };
  useView.subscribe(ask);
  useExplore.subscribe(ask);
  useSession.subscribe(ask);
}
