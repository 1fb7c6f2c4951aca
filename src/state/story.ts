/** The story of the selected image: its distances to every class mean at every exit, asked of the engine. */
import { create } from 'zustand';
import { imageAt } from '../core/dataset.ts';
import type { Explanation } from '../engine/client/types.ts';
import { useExplore } from './explore.ts';
import { isAbort, sentenceOf } from './notices.ts';
import { runningEngine, useSession } from './session.ts';
import { useView } from './view.ts';

export interface StoryState {
  readonly explanation: Explanation | null;
  /** Why there is none, as a sentence. */
  readonly problem: string | null;
}

export const useStory = create<StoryState>(() => ({ explanation: null, problem: null }));

/** Counts questions: only the latest answer is shown. */
let latest = 0;

async function tell(): Promise<void> {
  const mine = ++latest;
  const { image } = useView.getState();
  const { trace } = useExplore.getState();
  const { dataset } = useSession.getState();
  if (image === null || !trace || !dataset || image >= trace.count) {
    useStory.setState({ explanation: null, problem: null });
    return;
  }
  try {
    const engine = await runningEngine();
    const explanation = await engine.explain(imageAt(dataset[trace.split], dataset.shape, image));
    if (mine === latest) useStory.setState({ explanation, problem: null });
  } catch (error) {
    if (mine !== latest || isAbort(error)) return;
    useStory.setState({ explanation: null, problem: sentenceOf(error) });
  }
}

/** Follows the selection: a new image, another split, or a finished run asks again. */
export function followSelection(): void {
  let asked = '';
  const ask = (): void => {
    const { image } = useView.getState();
    const { trace } = useExplore.getState();
    const { status, dataset } = useSession.getState();
    const ready = image !== null && trace !== null && image < trace.count;
    const question = `${image} ${trace?.split} ${dataset?.id} ${dataset?.seed} ${status} ${ready}`;
    if (question === asked) return;
    asked = question;
    void tell();
  };
  useView.subscribe(ask);
  useExplore.subscribe(ask);
  useSession.subscribe(ask);
}
