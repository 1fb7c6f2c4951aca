/** What is on screen as a model that runs elsewhere. */
import { withoutCosts } from '../../core/costs.ts';
import { replay } from '../../core/replay.ts';
import type { Policy } from '../../core/policy.ts';
import { catalogue, isDatasetId } from '../../data/catalogue.ts';
import { isAbort } from '../../data/errors.ts';
import { imagesToCheck, someImages } from '../../export/check.ts';
import { writeExport } from '../../export/client.ts';
import { classifierIds, isMethodId, METHODS } from '../../methods/registry.ts';
import { commit } from '../commit.ts';
import { download } from '../exports.ts';
import { engine } from '../lease/engine.ts';
import { dismiss, notify, sentenceOf, useNotices } from '../notices.ts';
import type { Scene } from '../scene/scene.ts';
import { isSameRun, useSettings } from '../settings.ts';
import { stem } from '../stem.ts';
import { computeHere } from './run.ts';

/**
 * Writes the run on screen under its thresholds, as a zip. What a recorded run learnt is not recorded: it is computed here
 * first, with what else is shown of it.
 */
export async function exportModel(scene: Scene): Promise<void> {
  let said = '';
  /** One notice that follows the work. */
  const say = (text: string): void => {
    forget();
    said = text;
    if (text) notify('note', text);
  };
  const forget = (): void => {
    const before = useNotices.getState().notices.find(({ text }) => text === said);
    if (before && said) dismiss(before.id);
  };
  try {
    const { policy, chosen, source, trace } = scene.shown.getState();
    if (!policy || !trace) return;
    const reason = whyNot(scene);
    if (reason) return notify('note', reason);
    if (scene.run.getState().recorded) {
      say(
        'What a recorded run learnt is not kept with it: it is computed here first, and the export follows by itself. ' +
          'Stop ends both.',
      );
      const asked = { ...useSettings.getState(), source: 'live' } as const;
      await computeHere();
      if (!isSameRun(asked, useSettings.getState()))
        return notify('note', 'Nothing was exported: another run was asked for meanwhile.');
    }
    const zip = await written(scene, policy, { curve: chosen, setBy: source }, say);
    if (zip) download(`${stem(scene)}.zip`, 'application/zip', zip);
  } catch (error) {
    if (!isAbort(error)) notify('error', sentenceOf(error));
  } finally {
    forget();
  }
}

/** Why what is on screen cannot be taken away as a model; null where it can. */
function whyNot(scene: Scene): string | null {
  const { trace, policy, test, chosen } = scene.shown.getState();
  const { opened } = scene.run.getState();
  if (opened)
    return 'This trace was opened: its network is not here, so there is no model to write.';
  if (!trace || !policy || !test) return 'There is no run to export yet.';
  if (!classifierIds.some((id) => id === trace.method))
    return 'Clusterings are not written as models: what tells classes apart is.';
  if (chosen === 'patience')
    return 'Patience counts labels that repeat, which no exit of an exported model knows. Choose another curve.';
  return null;
}

async function written(
  scene: Scene,
  policy: Policy,
  about: { readonly curve: string; readonly setBy: string },
  say: (text: string) => void,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const { test: trace, costs } = scene.shown.getState();
  const { dataset, status } = scene.run.getState();
  // Whoever stopped the run wants no export of it.
  if (status === 'cancelled' || status === 'failed') return null;
  if (!trace || !dataset || trace.count < trace.total || !isMethodId(trace.method))
    throw new Error('The run is not complete yet; export when it has ended.');
  const started = await engine.thatLearnt(scene.id, trace.method);
  if (!started)
    throw new Error('What this run had learnt gave way to another run. Run again, then export.');
  // What an export calls FLOPs is FLOPs; what a person counts in stands beside them.
  const counted = withoutCosts(trace);
  const { exitOf } = replay(counted, policy);
  const which = imagesToCheck(exitOf);
  const checked = someImages(dataset.test, dataset.shape, which);
  say('Writing the export: the network’s outputs for the images of its check.');
  const portable = await started.portable(checked);
  const { id, title } = dataset;
  const known = isDatasetId(id)
    ? catalogue[id]
    : { licence: 'not stated: images of your own', citation: '', url: '' };
  const { licence, citation, url } = known;
  return writeExport(
    {
      ...portable,
      ...{ trace: counted, costs: counted === trace ? null : costs },
      ...{ policy, which, checked, shape: dataset.shape, commit, ...about },
      methodName: METHODS[trace.method].name,
      images: { title, licence, citation, url },
    },
    stem(scene),
    ({ writing, done, total }) => say(`Writing the export: ${writing} (${done + 1} of ${total}).`),
  );
}
