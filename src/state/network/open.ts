/** Opens a network from files or an address, with its card or by asking for one. */
import { catalogue, isDatasetId } from '../../data/catalogue.ts';
import type { NetworkCard } from '../../network/card.ts';
import { networks } from '../../network/catalogue.ts';
import { matchClasses } from '../../network/classes.ts';
import { checkExits } from '../../network/exit-names.ts';
import { readExits, writeExits } from '../../network/exits-text.ts';
import { checkedExits, type ExitChoice } from '../../network/exits.ts';
import { readGiven, type GivenNetwork } from '../../network/given.ts';
import { isSingleFile, stemOf } from '../../network/single-file.ts';
import { chooseAndRun } from '../explore/run.ts';
import { data, OWN, useImages } from '../lease/images.ts';
import { notify, sentenceOf } from '../notices.ts';
import { scenes } from '../scenes.ts';
import { choose, useSettings } from '../settings.ts';
import { showPage } from '../view.ts';
import { areAmong } from './last-exit.ts';
import { useOwn } from './own.ts';

/** Most bytes of one file of a network. */
const MOST = 2 ** 30;

/** Takes archives, each with the files of a network in it or beside it. */
export async function openNetworkArchives(archives: readonly File[]): Promise<void> {
  try {
    const { unzipSync } = await import('fflate');
    const files: File[] = [];
    for (const archive of archives) {
      checkSize([archive]);
      const bytes = new Uint8Array(await archive.arrayBuffer());
      const inside = unzipSync(bytes, {
        filter: ({ name, originalSize }) =>
          !/(^|\/)(__MACOSX\/|\.)|\/$/.test(name) && originalSize <= MOST,
      });
      for (const [path, content] of Object.entries(inside))
        files.push(new File([content.slice()], path.split('/').at(-1)!));
    }
    await openNetworkFiles(files);
  } catch (error) {
    const names = archives.map(({ name }) => name).join(', ');
    notify('error', `${names} cannot be unpacked (${sentenceOf(error)}). Give the files in it.`);
  }
}

function checkSize(files: readonly File[]): void {
  const large = files.find(({ size }) => size > MOST);
  if (large)
    throw new Error(
      `${large.name} has ${large.size} bytes; networks of up to 1 GiB are opened here.`,
    );
}

/** Takes files that were dropped or chosen. */
export async function openNetworkFiles(files: readonly File[]): Promise<void> {
  try {
    checkSize(files);
    const bytes = await Promise.all(
      files.map(async (file) => [file.name, new Uint8Array(await file.arrayBuffer())] as const),
    );
    await take(await readGiven(new Map(bytes)), null);
  } catch (error) {
    notify('error', sentenceOf(error));
  }
}

/** Fetches what a link names, with the files beside it. */
export async function openNetworkAddress(address: string): Promise<void> {
  try {
    const url = new URL(address, document.baseURI);
    const isFile = isSingleFile(url.pathname);
    const base = isFile || url.pathname.endsWith('/') ? url : new URL(`${url.href}/`);
    const files = new Map<string, Uint8Array>();
    const beside = async (name: string, mayMiss: boolean): Promise<void> => {
      const at = new URL(encodeURIComponent(name), base);
      try {
        files.set(name, await data().fetch(at, MOST));
      } catch (error) {
        if (!mayMiss) throw error;
      }
    };
    if (isFile) {
      const name = decodeURIComponent(url.pathname.split('/').at(-1)!);
      files.set(name, await data().fetch(url, MOST));
      await beside(`${stemOf(name)}.card.json`, true);
      const text = new TextDecoder('latin1').decode(files.get(name));
      if (text.includes(`${name}.data`)) await beside(`${name}.data`, false);
      await beside(`${stemOf(name)}.golden.json`, true);
    } else {
      await beside('model.json', false);
      await beside('card.json', true);
      if (!files.has('card.json')) await beside('metadata.json', true);
      const model: unknown = JSON.parse(new TextDecoder().decode(files.get('model.json')));
      for (const path of shardsOf(model)) await beside(path, false);
      await beside('golden.json', true);
    }
    await take(await readGiven(files), address);
  } catch (error) {
    notify('error', sentenceOf(error));
    // What the settings name is not here: the page shows what it has.
    chooseAndRun({ network: null });
  }
}

function shardsOf(model: unknown): string[] {
  const { weightsManifest } = (model ?? {}) as { weightsManifest?: unknown };
  const groups = (Array.isArray(weightsManifest) ? weightsManifest : []) as { paths?: unknown }[];
  return groups.flatMap(({ paths }) => (Array.isArray(paths) ? (paths as string[]) : []));
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
  await adopt(asked.given, withLinked(card, asked.address), asked.address);
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
  const { address } = useOwn.getState().asked ?? {};
  useOwn.setState({ asked: null });
  if (address) chooseAndRun({ network: null });
}

/** Asks for the card of an open network anew, as it is now. */
export function askCardAgain(id: string): void {
  const own = useOwn.getState().networks.get(id);
  if (!own) return;
  const { given, files } = own;
  const address = id === files.card.id ? null : id;
  useOwn.setState({ asked: { given: { ...given, card: files.card }, address } });
}

async function adopt(
  given: GivenNetwork,
  card: NetworkCard,
  address: string | null,
): Promise<void> {
  const free = freeId(card.id, given);
  const files = await given.complete({ ...card, id: free });
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
