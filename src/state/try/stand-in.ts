/** What Try opens on where the images of what is chosen are not here: a recorded run has nothing to try. */
import { chooseAndRun } from '../explore/run.ts';
import { findDatasets, haveImages, OWN, titleOf } from '../lease/images.ts';
import { notify } from '../notices.ts';
import { scenes } from '../scenes.ts';
import { isSameRun, useSettings } from '../settings.ts';
import { useWaiting } from '../traces/waiting.ts';
import { useView } from '../view.ts';

/**
 * Chooses strokes, which are drawn here, says so, and offers the way back. What was opened from a file, and what a person
 * chooses meanwhile, stays.
 */
export async function openWithImages(): Promise<void> {
  const asked = useSettings.getState();
  await findDatasets();
  const { dataset, network, source } = asked;
  const { opened, dataset: shown } = scenes.explore.run.getState();
  const isOpened = opened !== null || useWaiting.getState().linked !== null || dataset === OWN;
  const isStill = isSameRun(asked, useSettings.getState()) && useView.getState().page === 'try';
  if (!isStill || isOpened || shown || haveImages(asked)) return;
  chooseAndRun({ dataset: 'strokes', network: null, source: 'live' });
  const title = titleOf(dataset);
  notify(
    'note',
    `To try an image, images are needed to learn from, and there are no ${title} images here: Strokes are drawn and computed instead. ` +
      `Open the files of ${title} under Images to try its network.`,
    { label: `Back to ${title}`, act: () => chooseAndRun({ dataset, network, source }) },
  );
}
