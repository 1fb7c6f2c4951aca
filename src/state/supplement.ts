/** The run on screen as one HTML file, for the supplement of a paper. */
import { costUnit } from '../core/costs.ts';
import type { SupplementStop } from '../core/supplement.ts';
import { writeSupplement } from '../export/supplement.ts';
import { fetchFile } from '../fetch/file.ts';
import { isMethodId, METHODS } from '../methods/registry.ts';
import { budgetOf, download } from './exports.ts';
import { titleOf } from './lease/images.ts';
import { notify, sentenceOf } from './notices.ts';
import { pageFacts, sceneFacts } from './provenance/facts.ts';
import { activeCurve } from './scene/derive.ts';
import type { Scene } from './scene/scene.ts';
import { stem } from './stem.ts';

/**
 * Fetches the page that replays one run and fills it with what is on screen: the trace, the thresholds, the curve.
 * @param unit what is held against a threshold, in words.
 */
export async function exportSupplement(scene: Scene, unit: string): Promise<void> {
  const { trace, policy, ...state } = scene.shown.getState();
  if (!trace || !policy) return;
  const { card, opened } = scene.run.getState();
  const curve = activeCurve(state);
  const drawn = (trace.split === 'test' && curve?.testStops) || curve?.stops || [];
  const stops = drawn.map(({ cost, accuracy }, n): SupplementStop => {
    const { thresholds } = curve!.stops[n]!;
    return { cost, accuracy, thresholds };
  });
  const name = isMethodId(trace.method) ? METHODS[trace.method].name : trace.method;
  // What is on screen when it is asked for, whatever is by the time the page for it has come.
  const about = {
    title: `${name} on ${card?.title ?? trace.network}, ${titleOf(trace.dataset)}`,
    facts: [...sceneFacts(scene), ...pageFacts()],
  };
  const [budget, file] = [budgetOf(scene, trace), `${stem(scene)}.${trace.split}.html`];
  try {
    const address = new URL('supplement.template', document.baseURI);
    const page = await fetchFile(address, { name: 'supplement.template, the page for one run' });
    const text = writeSupplement(new TextDecoder().decode(page), trace, budget, {
      ...about,
      ...{ rule: policy.rule, unit, costUnit: costUnit(trace), thresholds: policy.thresholds },
      curve: stops,
      tunedOn: opened?.isHalved
        ? 'the other half of the test images'
        : state.holdout
          ? 'training images that were held out'
          : 'the training images',
    });
    download(file, 'text/html', text);
  } catch (error) {
    notify('error', sentenceOf(error));
  }
}
