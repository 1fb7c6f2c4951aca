/** What is taken away is made when it is asked for: the first visit does without the code that makes it. */
import { isAbort } from '../../data/errors.ts';
import { notify, sentenceOf } from '../../state/notices.ts';

/** Fetches code and does something with it; where it cannot be had, that is said. */
export async function using<Module>(
  load: () => Promise<Module>,
  act: (module: Module) => void | Promise<void>,
): Promise<void> {
  let module: Module;
  try {
    module = await load();
  } catch {
    notify(
      'error',
      'The code for this could not be fetched, as the server did not answer. Try again.',
    );
    return;
  }
  try {
    await act(module);
  } catch (error) {
    if (!isAbort(error)) notify('error', sentenceOf(error));
  }
}

export const files = () => import('../../state/exports.ts');
export const models = () => import('../../state/explore/takeAway.ts');
export const supplements = () => import('../../state/supplement.ts');
export const figures = () => import('./figureFile.ts');
export const targets = () => import('../../state/scene/target.ts');
export const opening = () => import('../../state/open.ts');
export const ownHub = () => import('../../state/images/hub.ts');
export const ownImages = () => import('../../state/images/open.ts');
