/** What opens something on Explore from elsewhere: a policy that another page found, files that a person gave. */
import { pick } from '../core/options/schema.ts';
import type { Policy } from '../core/policy.ts';
import type { Trace } from '../core/trace.ts';
import { UNLABELLED, type FileDatasetId } from '../data/catalogue.ts';
import { heldIn, type MethodId } from '../methods/registry.ts';
import { dropTraces } from './scene/searches.ts';
import { apply, offerThresholds } from './scene/shown.ts';
import { PICTURE_FILES } from '../data/pictures/names.ts';
import { trainedFor } from '../network/catalogue.ts';
import { openOwnFiles, openSingles, openUntrained } from './images/open.ts';
import { heldInFiles, takeFiles, takeUnlabelled } from './images/take.ts';
import { NO_SINGLES, OWN, titleOf, useImages } from './lease/images.ts';
import { notify } from './notices.ts';
import { chooseAndRun, keepScreen } from './explore/run.ts';
import { settingOptions } from './settings.ts';
import { selectImage } from './scene/selection.ts';
import { scenes } from './scenes.ts';
import { areNetwork } from './network/own.ts';
import { areTraces, openGiven } from './traces/given.ts';
import { showPage, useView } from './view.ts';

/** Opens Explore on a method with a policy and an image, as another page found them. */
export function showPolicy(
  trace: Trace,
  { thresholds }: Policy,
  image: number,
  kind: 'recorded' | 'live',
): void {
  const scene = scenes.explore;
  const { trace: shown } = scene.shown.getState();
  if (shown && isSameTrace(shown, trace)) {
    keepScreen();
    showPage('explore');
    apply(scene, { rule: heldIn(trace), thresholds }, 'link');
  } else {
    // What is selected here goes with other images when these come; the image that is wanted must not.
    if (shown && (shown.dataset !== trace.dataset || shown.network !== trace.network))
      dropTraces(scene);
    chooseAndRun({
      // Its thresholds are good for no other run.
      ...pick(settingOptions, trace.provenance.options),
      method: trace.method as MethodId,
      network: trace.network,
      ...(kind === 'recorded'
        ? { source: 'recorded', trainImages: 0, testImages: 0 }
        : { source: 'live' }),
    });
    offerThresholds(scene, thresholds);
    showPage('explore');
  }
  selectImage(scene, image);
}

/** Whether the trace on screen is whole and was made as the other one was. */
function isSameTrace(shown: Trace, trace: Trace): boolean {
  return (
    shown.method === trace.method &&
    shown.dataset === trace.dataset &&
    shown.network === trace.network &&
    shown.provenance.commit === trace.provenance.commit &&
    JSON.stringify(shown.provenance.options) === JSON.stringify(trace.provenance.options) &&
    shown.split === 'test' &&
    shown.count === trace.count &&
    shown.total === trace.total
  );
}

/** Takes files that were dropped or chosen; when they make a whole dataset, opens it. What was open stays until then. */
export async function openFiles(files: readonly File[], as?: FileDatasetId): Promise<void> {
  const [only] = files;
  if (useView.getState().page === 'try' && files.length === 1 && only!.type.startsWith('image/')) {
    const { give } = await import('./try/drive.ts');
    return give(only!);
  }
  if (areNetwork(files)) {
    const { openNetworkFiles } = await import('./network/open.ts');
    return openNetworkFiles(files);
  }
  const hasPictures = files.some(({ name }) => PICTURE_FILES.test(name));
  if (!hasPictures && areTraces(files)) {
    const held = await heldInFiles(files);
    if (held === 'network') {
      const { openNetworkFiles } = await import('./network/open.ts');
      return openNetworkFiles(files);
    }
    if (held === 'traces') return openGiven(files);
  }
  const isClustering = useView.getState().page === 'unsupervised';
  if (isClustering && (await takeUnlabelled(files))) {
    const { startClusters } = await import('./unsupervised/run.ts');
    startClusters({ dataset: UNLABELLED, start: 'fresh', source: 'live' });
    return;
  }
  const taken = await takeFiles(files, as);
  if (!taken) return;
  if (taken.kind === 'singles') return openSingles(taken.singles);
  const dataset = taken.kind === 'pictures' ? OWN : taken.id;
  if (isClustering) {
    const { startClusters } = await import('./unsupervised/run.ts');
    startClusters({ dataset, source: 'live' });
    return;
  }
  if (taken.kind === 'pictures') openOwnFiles();
  else {
    useImages.setState({ singles: NO_SINGLES });
    const isTrained = taken.kind === 'dataset' && trainedFor(taken.id).length > 0;
    if (taken.kind === 'dataset' && !isTrained) openUntrained(taken.id);
    else chooseAndRun({ dataset, network: null, source: 'live' });
  }
  if (useView.getState().page === 'paper')
    notify('note', `${titleOf(dataset)} is open: Explore and Compare have its images now.`);
}
