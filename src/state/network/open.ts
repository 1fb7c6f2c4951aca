/** Opens a network from files or an address, with its card or by asking for one. */
import { catalogue, isDatasetId } from '../../data/catalogue.ts';
import { isAbort } from '../../data/errors.ts';
import { readNetwork } from '../../engine/client/read.ts';
import type { NetworkFile } from '../../engine/reading.ts';
import type { NetworkCard } from '../../network/card.ts';
import { networks } from '../../network/catalogue.ts';
import { matchClasses } from '../../network/classes.ts';
import { checkExits } from '../../network/exit-names.ts';
import { readExits, writeExits } from '../../network/exits-text.ts';
import { checkedExits, type ExitChoice } from '../../network/exits.ts';
import { givenOf, type GivenNetwork, type Reading } from '../../network/given.ts';
import { MOST_FILE_BYTES } from '../../network/single-file.ts';
import { chooseAndRun } from '../explore/run.ts';
import { OWN, useImages } from '../lease/images.ts';
import { mayPass, notify, sentenceOf } from '../notices.ts';
import { scenes } from '../scenes.ts';
import { choose, useSettings } from '../settings.ts';
import { showPage } from '../view.ts';
import { filesAt, type Told } from './fetch.ts';
import { areAmong } from './last-exit.ts';
import { isAddress, useOwn } from './own.ts';

/** Takes files that were dropped or chosen, and those in archives among them. */
export function openNetworkFiles(files: readonly File[]): Promise<void> {
  return whileTold(
    `Reading ${files.length === 1 ? files[0]!.name : `${files.length} files`} …`,
    async (told) => {
      const large = files.find(({ size }) => size > MOST_FILE_BYTES);
      if (large)
        throw new Error(
          `${large.name} has ${large.size} bytes; networks of up to 1 GiB are opened here.`,
        );
      const given = files.map((file) => ({ name: file.name, content: file }));
      const network = await twice(told, () => readIn(told, given));
      return () => take(network, null);
    },
    () => void openNetworkFiles(files),
  );
}

/** Fetches what a link names, with the files beside it. */
export function openNetworkAddress(address: string): Promise<void> {
  const url = new URL(address, document.baseURI);
  return whileTold(
    `Fetching ${url.href} …`,
    async (told) => {
      const network = await twice(told, async () => {
        const { files, beside } = await filesAt(url, told);
        return readIn(told, files, beside);
      });
      return () => take(network, address);
    },
    () => void openNetworkAddress(address),
  );
}

/**
 * Does what ends in a network, and says how far it is; what was begun before is stopped, and writes nothing any more.
 * @param work gives what follows when it counts.
 * @param again does it once more, where that may help.
 */
async function whileTold(
  words: string,
  work: (told: Told) => Promise<() => Promise<void>>,
  again: () => void,
): Promise<void> {
  useOwn.getState().underway?.stop();
  const controller = new AbortController();
  const { signal } = controller;
  const stop = (): void => controller.abort(new DOMException('Stopped.', 'AbortError'));
  const isLatest = (): boolean => useOwn.getState().underway?.stop === stop;
  const say = (now: string): void => {
    if (isLatest() && !signal.aborted) useOwn.setState({ underway: { words: now, stop } });
  };
  useOwn.setState({ underway: { words, stop } });
  let follow: (() => Promise<void>) | null = null;
  let failed: unknown = null;
  try {
    follow = await work({ signal, say });
  } catch (error) {
    failed = error;
  }
  if (!isLatest()) return;
  useOwn.setState({ underway: null });
  try {
    if (follow && !signal.aborted) return await follow();
  } catch (error) {
    failed = error;
  }
  await makeWay();
  if (!failed || isAbort(failed)) return;
  const mayHelp = mayPass(failed) || (failed instanceof Error && failed.name === 'DataError');
  notify('error', sentenceOf(failed), mayHelp ? { label: 'Try again', act: again } : null);
}

/** What the settings name by its address, and is not here, gives way to what is: the page shows that. */
async function makeWay(): Promise<void> {
  const { network } = useSettings.getState();
  if (network === null || !isAddress(network) || useOwn.getState().networks.has(network)) return;
  chooseAndRun({ network: null });
  // The run that begins takes back what was said of the one before.
  await new Promise((resolve) => setTimeout(resolve));
}

/** A worker that is lost takes nothing along that could not be had again, once. */
async function twice<Result>({ signal }: Told, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (signal.aborted || !(error instanceof Error) || error.name !== 'WorkerLost') throw error;
    return work();
  }
}

/**
 * Reads files beside the page.
 * @param beside fetches a file that the others name, where they came from an address.
 */
async function readIn(
  told: Told,
  given: readonly NetworkFile[],
  beside?: (path: string) => Promise<NetworkFile>,
): Promise<GivenNetwork> {
  const { signal } = told;
  const tell = (words: string): void => told.say(`Reading ${words} …`);
  let files = given;
  for (;;) {
    const answer = await readNetwork({ files, size: null }, tell, signal);
    if ('reading' in answer) {
      const { reading, files: back } = answer;
      return givenOf(reading, (size) => readAgain(back!, size));
    }
    const { missing, sentence } = answer;
    if (!beside || answer.files.some(({ name }) => name === missing.split('/').at(-1)))
      throw new Error(sentence);
    files = [...answer.files, await beside(missing)];
  }
}

/** The same files for images of a size; they stay, since that may be none which the network takes. */
async function readAgain(files: readonly NetworkFile[], size: number): Promise<Reading> {
  const copies = files.map(({ name, content }) => ({
    name,
    content: content instanceof Blob ? content : content.slice(),
  }));
  const answer = await readNetwork({ files: copies, size }, () => undefined);
  if ('reading' in answer) return answer.reading;
  throw new Error(answer.sentence);
}

async function take(given: GivenNetwork, address: string | null): Promise<void> {
  if (given.card) await adopt(given, withLinked(given.card, address), address);
  else useOwn.setState({ asked: { given, address } });
}

/**
 * Opens the network that was asked about under a card.
 * @throws Error with a sentence when the card does not go with it; it is then still asked for.
 */
export async function answerCard(card: NetworkCard): Promise<void> {
  const { asked } = useOwn.getState();
  if (!asked) return;
  const isAsked = (): boolean => useOwn.getState().asked === asked;
  await adopt(asked.given, withLinked(card, asked.address), asked.address, isAsked);
}

/** A card with the exits that a link names. */
function withLinked(card: NetworkCard, address: string | null): NetworkCard {
  const { exits } = useSettings.getState();
  return address === null || exits === null ? card : { ...card, exits: readExits(exits) };
}

/**
 * Keeps some of the exits of an open network, under names that a person chose.
 * @param exits null: all that are found.
 * @throws Error with a sentence when the network has no such exits.
 */
export async function chooseExits(id: string, exits: readonly ExitChoice[] | null): Promise<void> {
  const own = useOwn.getState().networks.get(id);
  if (!own) return;
  const { given, files } = own;
  const address = id === files.card.id ? null : id;
  const card = { ...files.card, exits: exits && checkedExits(exits) };
  checkExits({ ...files, card });
  choose({ exits: address !== null && exits ? writeExits(exits) : null });
  await adopt(given, card, address);
  const left = new Map(useOwn.getState().networks);
  // Under its other exits it is another network to the engine, but the same one to a person.
  if (address === null && left.delete(id)) useOwn.setState({ networks: left });
}

export function dropCard(): void {
  useOwn.setState({ asked: null });
  void makeWay();
}

/** Asks for the card of an open network anew, as it is now. */
export function askCardAgain(id: string): void {
  const own = useOwn.getState().networks.get(id);
  if (!own) return;
  const { given, files } = own;
  const address = id === files.card.id ? null : id;
  useOwn.setState({ asked: { given: { ...given, card: files.card }, address } });
}

/** @param isWanted whether a person still waits for it when its layers are at hand. */
async function adopt(
  given: GivenNetwork,
  card: NetworkCard,
  address: string | null,
  isWanted = (): boolean => true,
): Promise<void> {
  const free = freeId(card.id, given);
  const files = await given.complete({ ...card, id: free });
  if (!isWanted()) return;
  const id = address ?? free;
  const all = new Map(useOwn.getState().networks).set(id, { id, files, given });
  useOwn.setState({ asked: null, networks: all });
  showPage('explore');
  chooseAndRun({ network: id, source: 'live', ...lastExitFor(files.card) });
  const { checkNetwork } = await import('./check.ts');
  checkNetwork(id, scenes.explore);
}

/** As links write ids, and no other network's. */
function freeId(wanted: string, given: GivenNetwork): string {
  const plain = wanted
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 80);
  const base = plain || 'network';
  const all = useOwn.getState().networks;
  for (let n = 1; ; n++) {
    const id = n === 1 ? base : `${base}-${n}`;
    const isTaken = networks.some((network) => network.id === id);
    const same = all.get(id);
    // Under another card it is another network to the engine.
    if (!isTaken && (!same || (same.given.name !== given.name && n > 1))) return id;
    if (n > 1000) return id;
  }
}

/** Where the network's classes are not those of the images, the nearest class mean labels at the last exit too. */
function lastExitFor({ classes }: NetworkCard) {
  const { dataset } = useSettings.getState();
  const { ownPictures } = useImages.getState();
  if (dataset === OWN && ownPictures && areAmong(classes, ownPictures.classes))
    return { lastExit: 'network' } as const;
  if (!isDatasetId(dataset)) return { method: 'e2cm', lastExit: 'nearest-mean' } as const;
  const images = catalogue[dataset].classes;
  const fits = classes.length === images.length || matchClasses(classes, images).outputs !== null;
  if (fits) return { lastExit: 'network' } as const;
  notify(
    'note',
    `The network knows ${classes.length} classes, ${catalogue[dataset].title} has ${images.length}: at the last exit ` +
      'the nearest class mean labels the images.',
  );
  return { method: 'e2cm', lastExit: 'nearest-mean' } as const;
}
