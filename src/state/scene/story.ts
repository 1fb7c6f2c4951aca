/** The story of the selected image: its distances to every class mean at every exit, asked of the engine. */
import { imageAt } from '../../core/dataset.ts';
import { isAbort } from '../../data/errors.ts';
import type { Explanation } from '../../engine/client/types.ts';
import { imagesOf, type Trace } from '../../core/trace.ts';
import { engine } from '../lease/engine.ts';
import { sentenceOf } from '../notices.ts';
import type { Scene } from './scene.ts';
import { worthALook } from './suggest.ts';

export interface StoryState {
  /** The image that is told of: the selected one, or while there is none, one worth a look. */
  readonly image: number | null;
  readonly explanation: Explanation | null;
  /** Why there is none, as a sentence. */
  readonly problem: string | null;
}

export const noStory: StoryState = { image: null, explanation: null, problem: null };

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

/** @param isAsked whether the answer is still wanted. */
async function tell(scene: Scene, image: number | null, isAsked: () => boolean): Promise<void> {
  const { trace } = scene.shown.getState();
  const { dataset, recorded, relearnt } = scene.run.getState();
  const set = (story: Partial<StoryState>): void => scene.story.setState(story);
  if (image === null || !trace || image >= trace.count) {
    set(noStory);
    return;
  }
  if ((recorded && !relearnt) || !dataset) {
    set({ ...noStory, image });
    return;
  }
  // Distances of another image are none of this one's.
  set(scene.story.getState().image === image ? { image } : { ...noStory, image });
  try {
    const started = await engine.running();
    if (started.fitted !== null && !(await engine.thatLearnt(scene.id, trace.method)))
      throw new Error(
        'What was learnt for this run gave way to another one, on another page. Run again to see this image’s story.',
      );
    const pixels = imageAt(imagesOf(dataset, trace), dataset.shape, image);
    const explanation = await started.explain(pixels);
    if (isAsked()) set({ explanation, problem: null });
  } catch (error) {
    if (isAsked() && !isAbort(error)) set({ explanation: null, problem: sentenceOf(error) });
  }
}

/** Follows a scene's selection: a new image, another split, or a finished run asks again. */
export function followSelection(scene: Scene): void {
  let asked = '';
  let suggested: { readonly trace: Trace; readonly image: number | null } | null = null;
  /** Stays the same for one complete trace, however the thresholds move. */
  const suggestion = (): number | null => {
    const { trace, outcome, source } = scene.shown.getState();
    if (!trace || !outcome || trace.split !== 'test' || trace.count < trace.total) return null;
    if (source === 'provisional') return null;
    if (suggested?.trace !== trace) suggested = { trace, image: worthALook(trace, outcome) };
    return suggested.image;
  };
  const ask = (): void => {
    const { trace } = scene.shown.getState();
    const { status, dataset, recorded, relearnt } = scene.run.getState();
    const image = scene.selection.getState().image ?? suggestion();
    const ready = image !== null && trace !== null && image < trace.count;
    const question = `${image} ${trace?.method} ${trace?.split} ${trace?.provenance.options.agreement} ${dataset?.id} ${dataset?.seed} ${recorded?.id} ${relearnt} ${status} ${ready}`;
    if (question === asked) return;
    asked = question;
    void tell(scene, image, () => question === asked);
  };
  scene.selection.subscribe(ask);
  scene.shown.subscribe(ask);
  scene.run.subscribe(ask);
}
