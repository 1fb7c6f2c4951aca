/** What a tree of picture files says: which folders are classes, which pictures are for training and which for test. */
import { mixSeeds, randomFrom, shuffled } from '../../core/random.ts';
import type { SplitName } from '../../core/dataset.ts';
import { DataError, grouped } from '../errors.ts';

/** Where the test images come from when folders do not say it. */
export interface Sharing {
  /** Share of every class that is kept for test, 0 … 1. */
  readonly share: number;
  readonly seed: number;
}

export interface Leaf {
  /** Folders and name, joined by "/". */
  readonly path: string;
}

export interface Labelled<File extends Leaf> {
  readonly file: File;
  readonly label: number;
}

export interface Tree<File extends Leaf> {
  /** Empty where no folder tells classes. */
  readonly classes: readonly string[];
  readonly train: readonly Labelled<File>[];
  readonly test: readonly Labelled<File>[];
  /** Pictures that no folder gives a class, where there are no classes at all. */
  readonly classless: readonly File[];
  /** Whether the test images are a share that was drawn by a seed. */
  readonly isShared: boolean;
  /** What a reader of the numbers must know, without a full stop. */
  readonly notes: readonly string[];
  /** Sentences on what is left out. */
  readonly faults: readonly string[];
}

/** A byte for every label. */
export const MOST_CLASSES = 256;
/** Files left out that are named; of more the number is said. */
const MOST_NAMED = 3;

const SPLITS: Readonly<Record<string, SplitName | 'val'>> = {
  ...{ train: 'train', training: 'train', trn: 'train' },
  ...{ test: 'test', testing: 'test', tst: 'test' },
  ...{ val: 'val', valid: 'val', validation: 'val', dev: 'val', eval: 'val' },
};

export const splitOf = (folder: string | undefined): SplitName | 'val' | null =>
  (folder !== undefined && SPLITS[folder.toLowerCase()]) || null;

/** What systems put beside a person's files. */
const isJunk = (part: string): boolean =>
  part.startsWith('.') || /^(__MACOSX|thumbs\.db|desktop\.ini|\$RECYCLE\.BIN)$/i.test(part);

/** Folders and name of a path; null for what a system put there; `out` where it leads out of its root. */
export function partsOf(path: string): readonly string[] | 'out' | null {
  const parts = path
    .replaceAll('\\', '/')
    .split('/')
    .filter((part) => part !== '' && part !== '.');
  if (parts.includes('..') || /^[a-z]:$/i.test(parts[0] ?? '')) return 'out';
  return parts.some(isJunk) ? null : parts.map((part) => part.normalize('NFC'));
}

interface Entry<File extends Leaf> {
  readonly file: File;
  readonly name: string;
  /** Folders below those that all have in common. */
  readonly folders: readonly string[];
}

/**
 * Class folders, or train and test with class folders in them, or class folders with train and test in them; each may lie
 * in further folders. Pictures come in the order of the numbers that are their names, where these run through all classes;
 * else the first of every class, the second of every class, …: the first so many are then of all classes.
 * @param titleOf what the class of a folder is called, where it is not as the folder.
 * @throws DataError with a sentence when there is only one class, or more than 256, or nothing to learn from.
 */
export function treeOf<File extends Leaf>(
  files: readonly File[],
  sharing: Sharing,
  titleOf: (folder: string) => string = (folder) => folder,
): Tree<File> {
  const faults: string[] = [];
  const all = entriesOf(files, faults);
  if (all.length === 0) throw new DataError([...faults, 'No picture is left.'].join(' '));
  if (all.every(({ folders }) => folders.length === 0))
    return {
      ...{ classes: [], train: [], test: [], isShared: false, notes: [], faults },
      classless: [...all].sort((a, b) => naturally(a.name, b.name)).map(({ file }) => file),
    };
  const notes: string[] = [];
  const { train, test, isShared } = splitsOf(all, notes, faults, sharing);
  const classes = [...train.keys()].sort(byName);
  if (classes.length === 0)
    throw new DataError('There is no class folder with training images: expected CLASS/image.png.');
  if (classes.length === 1)
    throw new DataError(
      `There is only one class folder with training images (${titleOf(classes[0]!)}); telling classes apart takes two at least.`,
    );
  if (classes.length > MOST_CLASSES)
    throw new DataError(
      `There are ${grouped(classes.length)} class folders; at most ${MOST_CLASSES} classes can be told apart here. ` +
        'Give fewer folders.',
    );
  if (test.size === 0)
    throw new DataError(
      'Every class folder holds one picture only: give at least two of one class, so that one can be tested.',
    );
  const strange = [...test.keys()].filter((name) => !train.has(name));
  const left = strange.reduce((sum, name) => sum + test.get(name)!.length, 0);
  if (left > 0)
    faults.push(
      `${named(strange.map(titleOf))}: there ${plural(left, 'is a test image', 'are test images')}, but no training image; ` +
        `${left === 1 ? 'it is' : 'they are'} left out.`,
    );
  const alone = classes.filter((name) => !test.has(name));
  if (alone.length > 0) notes.push(`no test image of ${named(alone.map(titleOf))}`);
  return {
    ...{ classes: classes.map(titleOf), isShared, notes, faults, classless: [] },
    train: inOrder(train, classes),
    test: inOrder(test, classes),
  };
}

function entriesOf<File extends Leaf>(files: readonly File[], faults: string[]): Entry<File>[] {
  const out: string[] = [];
  const all = files.flatMap((file): Entry<File>[] => {
    const parts = partsOf(file.path);
    if (parts === 'out') out.push(file.path);
    if (parts === null || parts === 'out' || parts.length === 0) return [];
    return [{ file, name: parts.at(-1)!, folders: parts.slice(0, -1) }];
  });
  if (out.length > 0)
    faults.push(`${named(out)}: the path leads out of its archive; it is left out.`);
  return withoutCommon(all);
}

/** The same entries without the folders that all lie in. */
function withoutCommon<File extends Leaf>(all: readonly Entry<File>[]): Entry<File>[] {
  const first = all[0]?.folders ?? [];
  let common = 0;
  while (common < first.length && all.every(({ folders }) => folders[common] === first[common]))
    common++;
  return all.map((entry) => ({ ...entry, folders: entry.folders.slice(common) }));
}

type ByClass<File extends Leaf> = ReadonlyMap<string, readonly Entry<File>[]>;

function splitsOf<File extends Leaf>(
  all: readonly Entry<File>[],
  notes: string[],
  faults: string[],
  sharing: Sharing,
): { train: ByClass<File>; test: ByClass<File>; isShared: boolean } {
  const depth = [0, 1].find((at) => {
    const found = new Set(all.map(({ folders }) => splitOf(folders[at])));
    // Below classes every folder says it; above them others may lie beside.
    return found.has('train') ? found.size > 1 && (at === 0 || !found.has(null)) : false;
  });
  if (depth === undefined) {
    if (all.every(({ folders }) => splitOf(folders[0]) !== null))
      throw new DataError(
        'There are folders of test images, but none of training images (train): nothing can be learnt from. ' +
          'Give both together.',
      );
    return { ...shared(byClass(all, faults), notes, sharing), isShared: true };
  }
  const of = (split: SplitName | 'val' | null) =>
    all.filter(({ folders }) => splitOf(folders[depth]) === split);
  const strange = of(null);
  if (strange.length > 0)
    faults.push(
      `${named([...new Set(strange.map(({ folders, name }) => folders[0] ?? name))])} lies beside the folders of ` +
        `training and test images; ${plural(strange.length, 'a picture is', 'pictures are')} left out.`,
    );
  const classes = (entries: readonly Entry<File>[]): ByClass<File> =>
    depth === 1
      ? byClass(entries, faults)
      : byClass(
          below(entries.map((entry) => ({ ...entry, folders: entry.folders.slice(1) }))),
          faults,
        );
  const [train, test, val] = [of('train'), of('test'), of('val')];
  if (test.length === 0) notes.push('the validation images are the test images');
  else if (val.length > 0)
    notes.push(
      `${plural(val.length, 'a validation image is', 'validation images are')} left aside`,
    );
  return {
    train: classes(train),
    test: classes(test.length > 0 ? test : val),
    isShared: false,
  };
}

/** Folders between a split's and its classes' are skipped (train/train/cat). */
function below<File extends Leaf>(entries: readonly Entry<File>[]): readonly Entry<File>[] {
  const inner = withoutCommon(entries);
  return inner.every(({ folders }) => folders.length > 0) ? inner : entries;
}

function byClass<File extends Leaf>(
  entries: readonly Entry<File>[],
  faults: string[],
): ByClass<File> {
  const classes = new Map<string, Entry<File>[]>();
  const loose: string[] = [];
  for (const entry of entries) {
    const [name] = entry.folders;
    if (name === undefined) loose.push(entry.name);
    else if (classes.has(name)) classes.get(name)!.push(entry);
    else classes.set(name, [entry]);
  }
  if (loose.length > 0)
    faults.push(
      `${named(loose)} ${loose.length === 1 ? 'lies' : 'lie'} in no class folder and ${loose.length === 1 ? 'is' : 'are'} left out.`,
    );
  for (const [name, list] of classes)
    classes.set(
      name,
      [...list].sort((a, b) => naturally(pathIn(a), pathIn(b))),
    );
  return classes;
}

const pathIn = ({ folders, name }: Pick<Entry<Leaf>, 'folders' | 'name'>): string =>
  [...folders, name].join('/');

/** A seeded share of every class for test; at least one image where there are two, never all. */
function shared<File extends Leaf>(
  all: ByClass<File>,
  notes: string[],
  { share, seed }: Sharing,
): { train: ByClass<File>; test: ByClass<File> } {
  const [train, test] = [new Map<string, Entry<File>[]>(), new Map<string, Entry<File>[]>()];
  for (const [c, name] of [...all.keys()].sort(byName).entries()) {
    const entries = all.get(name)!;
    const count = entries.length;
    const wanted = count < 2 ? 0 : Math.min(count - 1, Math.max(1, Math.round(share * count)));
    const order = shuffled(count, randomFrom(mixSeeds(seed, c)));
    const isTest = new Set(order.subarray(0, wanted));
    train.set(
      name,
      entries.filter((_, i) => !isTest.has(i)),
    );
    if (wanted > 0)
      test.set(
        name,
        entries.filter((_, i) => isTest.has(i)),
      );
  }
  notes.push(
    `${Math.round(100 * share)} % of every class, drawn by seed ${seed}, are the test images`,
  );
  return { train, test };
}

function inOrder<File extends Leaf>(
  classes: ByClass<File>,
  names: readonly string[],
): Labelled<File>[] {
  const all = names.flatMap((name, label) =>
    (classes.get(name) ?? []).map((entry, rank) => ({ entry, label, rank })),
  );
  const numbers = all.map(({ entry }) => /^(\d{1,15})\.[^.]+$/.exec(entry.name)?.[1]);
  const isNumbered =
    numbers.every((number) => number !== undefined) &&
    new Set(numbers.map(Number)).size === all.length;
  const order = isNumbered
    ? all.map((one, i) => ({ ...one, rank: Number(numbers[i]) })).sort((a, b) => a.rank - b.rank)
    : all.sort((a, b) => a.rank - b.rank || a.label - b.label);
  return order.map(({ entry: { file }, label }) => ({ file, label }));
}

/** Whole numbers by their value, all others by their letters, as Python sorts them. */
function byName(a: string, b: string): number {
  const isWhole = /^\d+$/;
  if (isWhole.test(a) && isWhole.test(b)) return Number(a) - Number(b) || (a < b ? -1 : 1);
  return a < b ? -1 : a > b ? 1 : 0;
}

/** image2 before image10. */
function naturally(a: string, b: string): number {
  const runs = (text: string): readonly string[] => text.match(/\d+|\D+/g) ?? [];
  const [left, right] = [runs(a), runs(b)];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const order = byName(left[i]!, right[i]!);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

/** "a, b, c and 4 more". */
function named(names: readonly string[]): string {
  const some = names.slice(0, MOST_NAMED);
  const more = names.length - some.length;
  return more > 0 ? `${some.join(', ')} and ${grouped(more)} more` : some.join(', ');
}

const plural = (count: number, one: string, several: string): string =>
  count === 1 ? one : `${grouped(count)} ${several}`;
