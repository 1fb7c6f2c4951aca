/** Datasets of the Hugging Face Hub, by name: fetched once, kept in this browser, named with their commit from then on. */
import { isAbort } from '../../data/errors.ts';
import { isPinned, parseHubName } from '../../data/hub/name.ts';
import { place } from '../../data/places.ts';
import { chooseAndRun } from '../explore/run.ts';
import { data, OWN, useImages } from '../lease/images.ts';
import { notify, sentenceOf } from '../notices.ts';
import { choose, useSettings } from '../settings.ts';
import { lastExitOn } from '../network/last-exit.ts';
import { readKept, takeKept, useKeptImages, type KeptImages } from './kept.ts';
import { networkForOwn, wordsFor } from './open.ts';
import { takeOwn } from './take.ts';

/** Opens a dataset of the Hub, as a person has named it. */
export function openHub(name: string): void {
  if (!parseHubName(name))
    return notify(
      'error',
      `“${name.slice(0, 60)}” is no name of a dataset on the Hub; expected owner/name, such as ylecun/mnist.`,
    );
  chooseAndRun({ dataset: OWN, hub: name.trim(), network: null, source: 'live' });
}

/**
 * Makes a dataset of the Hub the dataset of a person's own: from this browser where its commit is kept, else from the Hub.
 * One that was named without a commit is named with it from then on, and gets the network that suits it.
 * @param tell what is being fetched, in words.
 * @throws Error with a sentence that says what to do; AbortError.
 */
export async function takeFromHub(
  name: string,
  signal: AbortSignal,
  tell: (words: string) => void,
): Promise<void> {
  const asked = parseHubName(name)!;
  const kept = await keptOfHub();
  const pinned = isPinned(asked) ? kept.find(({ hub }) => hub === name) : undefined;
  if (pinned) return settle(name, pinned.hub!, signal, () => takeKept(pinned));
  tell(`${asked.id} on the Hugging Face Hub`);
  let found;
  try {
    found = await data().hub(
      name,
      kept.flatMap(({ hub }) => hub ?? []),
      {
        signal,
        onProgress: ({ done, total, what }) =>
          tell(`${what} ${total ? `${Math.floor((100 * done) / total)} %` : ''}`),
      },
    );
  } catch (error) {
    // What was fetched before is better than nothing, where nobody says which commit is wanted.
    const earlier = kept.find(({ hub }) => hub?.startsWith(`${name}@`));
    if (isAbort(error) || !earlier) throw error;
    notify('note', `${sentenceOf(error)} What this browser keeps of it is shown: ${earlier.hub}.`);
    return settle(name, earlier.hub!, signal, () => takeKept(earlier));
  }
  const { name: hub, files: parts } = found;
  const again = kept.find((entry) => entry.hub === hub);
  if (again) return settle(name, hub, signal, () => takeKept(again));
  const files = parts.map(({ path, content }) =>
    place(new File([content], path.split('/').at(-1)!, { lastModified: 0 }), path),
  );
  tell(`${asked.id}: classes`);
  const { seed, testShare: share } = useSettings.getState();
  const { pictures, sentence } = await data().inspect(files, undefined, { seed, share });
  signal.throwIfAborted();
  if (!pictures || pictures.classes.length === 0)
    throw new Error(
      pictures
        ? `${asked.id} has no column of labels: its pictures can be clustered on Unsupervised, where their parquet files are dropped.`
        : `${asked.id}: ${sentence}`,
    );
  for (const fault of pictures.faults) notify('note', fault);
  await settle(name, hub, signal, () => takeOwn(files, pictures, hub));
}

/** What is kept of the Hub; nothing where this browser keeps nothing. */
async function keptOfHub(): Promise<readonly KeptImages[]> {
  await readKept().catch(() => null);
  return (useKeptImages.getState().entries ?? []).filter(({ hub }) => hub !== undefined);
}

async function settle(
  name: string,
  hub: string,
  signal: AbortSignal,
  take: () => void | Promise<void>,
): Promise<void> {
  await take();
  signal.throwIfAborted();
  if (name === hub) return;
  const classes = useImages.getState().ownPictures?.classes ?? [];
  const network = networkForOwn();
  choose({ hub, ...(network && { network: network.id, ...lastExitOn(network, classes) }) });
  if (network) notify('note', wordsFor(network, classes));
}
