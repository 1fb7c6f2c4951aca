/** Files that a person gives: what each is, what belongs together, what is still missing. */
import { catalogue, publishedAs, type FileDatasetId } from '../catalogue.ts';
import { DataError, grouped } from '../errors.ts';
import { FORMATS, type ListedFormat } from '../formats/index.ts';
import { isNamedArchive, placed, type Expanded, type PlacedSource } from '../archives/placed.ts';
import { isParquet, PICTURE_FILES } from '../pictures/names.ts';
import type { Sharing, Tree } from '../pictures/tree.ts';
import type { PicturesReport } from './pictures.ts';
import { recognise, type Recognised } from './recognise.ts';
import type { ImageShape, SplitName } from '../../core/dataset.ts';
import type { Plan } from '../assemble.ts';
import type { ByteSource } from '../formats/bytes.ts';
import type { Format, Part } from '../formats/format.ts';

export type GroupId = Plan['id'];

export interface FileVerdict {
  readonly name: string;
  /** False for a file that cannot be used at all. */
  readonly ok: boolean;
  /** False where not even its content is known: the rest may lack no more than a name that says its split. */
  readonly isReadable: boolean;
  /** One sentence: what it is, or what is wrong with it. */
  readonly says: string;
}

/** What a set of files amounts to. */
export interface FilesReport {
  /** The dataset that the files make up, or begin to; null when none of them is usable. */
  readonly id: GroupId | null;
  readonly title: string;
  /** The format of those files; null with `id`. */
  readonly format: string | null;
  /** True when the files can be loaded. */
  readonly complete: boolean;
  /** One or two sentences for the person. */
  readonly sentence: string;
  /** What is missing, in words with the usual file name. */
  readonly missing: readonly string[];
  /** Images of each split, where they are complete and the files say how many; else null. */
  readonly counts: Readonly<Record<SplitName, number>> | null;
  /** Of the images of those files, where they say; else null. */
  readonly shape: ImageShape | null;
  /** A verdict on each file, in the order given. */
  readonly files: readonly FileVerdict[];
  /** How many images there are, where all usable files are idx images without labels, or pictures of no class: enough to cluster; else null. */
  readonly imagesAlone: number | null;
  /** What the pictures among them are, where they are what counts; else null. */
  readonly pictures: PicturesReport | null;
  /** Whether some are of images by their names, whatever is wrong with them. */
  readonly isOfImages: boolean;
  /** Whether an archive among them holds a network by the names of its files. */
  readonly holdsNetwork: boolean;
}

/** Files that may make up a dataset: of one format and of one dataset, or of nobody's. */
interface Group {
  readonly id: GroupId;
  readonly listed: ListedFormat;
}

interface Known {
  readonly part: Part;
  readonly split: SplitName;
  readonly group: Group;
}

/** What files are, and how to load them. */
export interface Inspected extends InspectedFiles {
  readonly report: FilesReport;
}

/** The same, where it is not said whether they are of images. */
export interface InspectedFiles {
  readonly report: Told;
  /** Files of a format, all there; else null. */
  readonly plan: Plan | null;
  /** Pictures, where they are what counts; else null. */
  readonly tree: Tree<PlacedSource> | null;
}

/** Until a person says otherwise. */
const PLAIN_SHARING: Sharing = { share: 0.2, seed: 1 };

/**
 * Looks at the beginning of every file; archives are folders. Pictures count where no other files make a dataset.
 * @param as the dataset that files of unknown content are taken for, when format and size fit.
 * @param sharing how pictures are divided where no folder says it.
 */
export async function inspectFiles(
  given: readonly ByteSource[],
  as?: FileDatasetId,
  signal?: AbortSignal,
  formats: readonly ListedFormat[] = FORMATS,
  sharing: Sharing = PLAIN_SHARING,
): Promise<Inspected> {
  const expanded = await expandedOf(given, signal);
  const inspected = await inspectExpanded(given, expanded, as, signal, formats, sharing);
  const { sources, from } = expanded;
  const holdsNetwork = sources.some(
    ({ name }, i) => NETWORK.test(name) && isNamedArchive(given[from[i]!]!.name),
  );
  return {
    ...inspected,
    report: { ...inspected.report, isOfImages: areOfImages(expanded), holdsNetwork },
  };
}

/** Names of the files that a network is of. */
const NETWORK = /^model\.json$|\.(onnx|keras|h5|hdf5)$/i;

/** Names that files of images have in archives. */
const OF_IMAGES = /-ubyte(\.gz)?$|^(data_batch_\d|test_batch)(\.bin)?$/i;

const areOfImages = ({ sources, closed, shut }: Expanded): boolean =>
  (sources.length === 0 && closed.length > 0) ||
  [...sources.map(({ name }) => name), ...shut].some(
    (name) => PICTURE_FILES.test(name) || isParquet(name) || OF_IMAGES.test(name),
  );

/** What is said of files without a look at their names. */
export type Told = Omit<FilesReport, 'isOfImages' | 'holdsNetwork'>;

async function inspectExpanded(
  given: readonly ByteSource[],
  expanded: Expanded,
  as: FileDatasetId | undefined,
  signal: AbortSignal | undefined,
  formats: readonly ListedFormat[],
  sharing: Sharing,
): Promise<InspectedFiles> {
  const tables = onlyThose(expanded, (i) => isParquet(expanded.sources[i]!.name));
  if (tables.sources.length > 0) {
    const { inspectParquet } = await import('./pictures.ts');
    const rest = onlyThose(expanded, (i) => !isParquet(expanded.sources[i]!.name));
    return inspectParquet(given, tables, rest, sharing, signal);
  }
  const isPicture = expanded.sources.map(({ name }) => PICTURE_FILES.test(name));
  if (!isPicture.includes(true)) return inspectFormats(given, expanded, as, signal, formats);
  const others = onlyThose(expanded, (i) => !isPicture[i]);
  const whole = await inspectFormats(given, others, as, signal, formats);
  if (whole.plan) return whole;
  const pictures = onlyThose(expanded, (i) => isPicture[i]!);
  const { inspectPictures } = await import('./pictures.ts');
  return inspectPictures(given, pictures, others, sharing);
}

async function expandedOf(
  given: readonly ByteSource[],
  signal: AbortSignal | undefined,
): Promise<Expanded> {
  if (given.some(({ name }) => isNamedArchive(name))) {
    const { expand } = await import('../archives/expand.ts');
    return expand(given, signal);
  }
  const from = given.map((_, i) => i);
  return { sources: given.map(placed), from, faults: given.map(() => null), closed: [], shut: [] };
}

function onlyThose(expanded: Expanded, isWanted: (i: number) => boolean): Expanded {
  return {
    ...expanded,
    sources: expanded.sources.filter((_, i) => isWanted(i)),
    from: expanded.from.filter((_, i) => isWanted(i)),
  };
}

async function inspectFormats(
  given: readonly ByteSource[],
  { sources, from, faults, closed }: Expanded,
  as: FileDatasetId | undefined,
  signal: AbortSignal | undefined,
  formats: readonly ListedFormat[],
): Promise<InspectedFiles> {
  const looked: (Recognised | DataError)[] = [];
  for (const [i, source] of sources.entries()) {
    // An archive that cannot be opened is a file like others to who knows archives of another kind.
    const fault = faults[from[i]!];
    looked.push(
      await recognise(source, formats, signal).catch((error: unknown) => {
        if (error instanceof DataError) return fault ?? error;
        throw error;
      }),
    );
  }
  const groups = new Map<string, Group>();
  const groupOf = ({ listed, dataset }: Recognised): Group => {
    // Files of one name may be read as another dataset that they hold.
    const isHeld = as !== undefined && dataset === publishedAs(as);
    const id = isHeld ? as : (dataset ?? homeOfUnknown(looked, listed, as));
    const key = `${listed.id} ${id}`;
    const group = groups.get(key) ?? { id, listed };
    groups.set(key, group);
    return group;
  };
  const known: Known[] = [];
  const verdicts = sources.map((source, i): FileVerdict => {
    try {
      const found = looked[i]!;
      if (found instanceof DataError) throw found;
      const { name } = source;
      const one = { part: { ...found, source }, group: groupOf(found) };
      const splits: readonly SplitName[] =
        found.split === 'both' ? ['train', 'test'] : [checkedSplit(name, found)];
      for (const split of splits) known.push({ ...one, split });
      return { name, ok: true, isReadable: true, says: describe({ ...one, split: splits[0]! }) };
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      const isReadable = !(looked[i] instanceof DataError);
      return { name: source.name, ok: false, isReadable, says: error.message };
    }
  });
  const files = given.map(({ name }, i) =>
    verdictOf(
      name,
      verdicts.filter((_, j) => from[j] === i),
      closed.filter((one) => one.from === i).map(({ says }) => says),
    ),
  );
  const loaded = await Promise.all(
    [...groups.values()].map(async (group) => ({ group, format: await group.listed.load() })),
  );
  const { report, plan } = judge(known, files, (group) =>
    judgeGroup(group, loaded.find((one) => one.group === group)!.format, known),
  );
  return {
    report: {
      ...report,
      ...(closed.length > 0 && { sentence: withClosed(report.sentence, closed) }),
      imagesAlone: imagesAlone(looked),
      pictures: null,
    },
    plan,
    tree: null,
  };
}

/** What is said of archives in archives once, where it is not said of the file already. */
const withClosed = (sentence: string, closed: Expanded['closed']): string =>
  [sentence, ...closed.map(({ says }) => says).filter((says) => !sentence.includes(says))].join(
    ' ',
  );

/**
 * The verdict on a given file by those on what is in it.
 * @param closed sentences on archives in it.
 */
function verdictOf(
  name: string,
  inside: readonly FileVerdict[],
  closed: readonly string[],
): FileVerdict {
  const [first] = inside;
  if (!first)
    return {
      ...{ name, ok: false, isReadable: false },
      says: closed.length > 0 ? closed.join(' ') : `${name} holds no files.`,
    };
  if (inside.length === 1) return { ...first, name };
  const good = inside.filter(({ ok }) => ok);
  const ok = good.length > 0;
  const says = (ok ? good : inside).map((verdict) => verdict.says);
  return {
    ...{ name, ok, isReadable: inside.some(({ isReadable }) => isReadable) },
    says:
      ok || says.length < 4 ? says.join(' ') : `${name} holds no files of a dataset: ${says[0]!}`,
  };
}

function imagesAlone(looked: readonly (Recognised | DataError)[]): number | null {
  let count = 0;
  for (const found of looked) {
    if (found instanceof DataError) continue;
    if (found.listed.id !== 'idx' || found.role !== 'images') return null;
    count += found.count ?? 0;
  }
  return count > 0 ? count : null;
}

/** Files that nobody published go to the chosen dataset, else to the one that is here already, if they fit. */
function homeOfUnknown(
  looked: readonly (Recognised | DataError)[],
  listed: ListedFormat,
  as?: FileDatasetId,
): GroupId {
  const alike = looked.flatMap((found) =>
    !(found instanceof DataError) && found.listed === listed ? [found] : [],
  );
  const published = new Set(alike.map(({ dataset }) => dataset).filter((id) => id !== null));
  const chosen = as ?? (published.size === 1 ? [...published][0] : undefined);
  if (chosen === undefined || catalogue[chosen].layout !== listed.id) return 'files';
  return alike.every(({ shape }) => fits(shape, catalogue[chosen].shape)) ? chosen : 'files';
}

function fits(shape: Part['shape'], wanted: ImageShape): boolean {
  return shape === null || shape.join() === wanted.join();
}

function checkedSplit(name: string, { split }: Recognised): SplitName {
  if (split && split !== 'both') return split;
  throw new DataError(
    `${name}: its name does not say whether it belongs to training or to test. ` +
      'Put “train” or “test” into the name and give it again.',
  );
}

function describe({ group, split, part: { role, count } }: Known): string {
  const title = titleOf(group.id);
  const set = split === 'train' ? 'training' : 'test';
  if (role === 'names') return `${title}, the names of ${grouped(count ?? 0)} classes.`;
  if (role === 'arrays') return `${title}, training and test images.`;
  if (role === 'meta') return 'The names of the classes, which are known here.';
  if (role !== 'images' && role !== 'labels') return `${title}, ${set} images (${role}).`;
  return `${title}, ${count === null ? '' : `${grouped(count)} `}${set} ${role}.`;
}

function titleOf(group: GroupId): string {
  return group === 'files' ? 'Your files' : catalogue[group].title;
}

/** The newest complete dataset, else the dataset of the newest file. */
function judge(
  known: readonly Known[],
  files: readonly FileVerdict[],
  judgeOf: (group: Group) => Judged,
): { report: Omit<Told, 'imagesAlone' | 'pictures'>; plan: Plan | null } {
  const bad = files.filter(({ ok }) => !ok).map(({ says }) => says);
  const groups = [...new Set(known.map(({ group }) => group).reverse())];
  if (groups.length === 0) {
    const sentence = bad.join(' ') || 'No files yet.';
    return {
      report: {
        ...{ id: null, title: '', format: null, complete: false, sentence, missing: [], files },
        ...{ counts: null, shape: null },
      },
      plan: null,
    };
  }
  const judged = groups.map(judgeOf);
  const best = judged.find(({ plan }) => plan !== null) ?? judged[0]!;
  const title = titleOf(best.group.id);
  const others = groups.filter((group) => group !== best.group).map(({ id }) => titleOf(id));
  const sentences = [
    best.plan
      ? `${title} ${best.group.id === 'files' ? 'are' : 'is'} complete.`
      : best.missing.length > 0
        ? `${title} still ${best.group.id === 'files' ? 'need' : 'needs'} ${list(best.missing)}.`
        : '',
    ...best.conflicts,
    others.length > 0 ? `Files of another dataset (${list(others)}) are left aside.` : '',
    ...bad,
  ];
  const sentence = sentences.filter((text) => text !== '').join(' ');
  const { group, missing, plan } = best;
  const format = group.listed.id;
  const complete = plan !== null;
  const parts = known.filter((one) => one.group === group).map(({ part }) => part);
  const shape = parts.findLast((part) => part.shape !== null)?.shape ?? null;
  return {
    report: {
      ...{ id: group.id, title, format, complete, sentence, missing, files, shape },
      counts: plan && countsOf(plan, parts),
    },
    plan,
  };
}

/** Images of the files that are read, where all of them say how many. */
function countsOf(plan: Plan, parts: readonly Part[]): Record<SplitName, number> | null {
  const of = (files: readonly ByteSource[]): number =>
    files.reduce((sum, file) => {
      const part = parts.find(({ source }) => source === file);
      if (!part || ['labels', 'names', 'meta'].includes(part.role)) return sum;
      return sum + (part.count ?? NaN);
    }, 0);
  const counts = { train: of(plan.train), test: of(plan.test) };
  return Number.isNaN(counts.train + counts.test) ? null : counts;
}

interface Judged {
  readonly group: Group;
  readonly missing: readonly string[];
  readonly conflicts: readonly string[];
  readonly plan: Plan | null;
}

function judgeGroup(group: Group, format: Format, all: readonly Known[]): Judged {
  const { id, listed } = group;
  const entry = id === 'files' ? null : catalogue[id];
  const choose = (split: SplitName) => {
    const mine = all.filter((one) => one.group === group && one.split === split);
    return format.choose(
      split,
      mine.map(({ part }) => part),
      entry,
    );
  };
  const [train, test] = [choose('train'), choose('test')];
  const lacking = [train, test].filter((chosen) => chosen.files === null);
  return {
    group,
    missing: lacking.flatMap(({ missing }) => missing),
    conflicts: lacking.flatMap(({ conflicts }) => conflicts),
    plan:
      train.files && test.files
        ? { id, format: listed, train: train.files, test: test.files, source: 'files opened here' }
        : null,
  };
}

function list(items: readonly string[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}
