/** What pictures among given files amount to. */
import type { SplitName } from '../../core/dataset.ts';
import type { Expanded, PlacedSource } from '../archives/placed.ts';
import { DataError, grouped } from '../errors.ts';
import type { ByteSource } from '../formats/bytes.ts';
import { readHeader } from '../pictures/header.ts';
import { partsOf, treeOf, type Sharing, type Tree } from '../pictures/tree.ts';
import type { FileVerdict, InspectedFiles } from './files.ts';

export interface PicturesReport {
  readonly count: number;
  /** Empty where no folder tells classes: they can be looked at beside training images. */
  readonly classes: readonly string[];
  readonly counts: Readonly<Record<SplitName, number>>;
  /** Whether the first of them is grey. */
  readonly isGrey: boolean;
  /** Whether the test images are a seeded share. */
  readonly isShared: boolean;
  /** Sentences on what is left out. */
  readonly faults: readonly string[];
}

const NONE = {
  id: null,
  title: '',
  format: null,
  complete: false,
  missing: [],
  shape: null,
} as const;

/**
 * @param others what else was given: no pictures.
 * @param sharing how pictures are divided where no folder says it.
 */
export async function inspectPictures(
  given: readonly ByteSource[],
  expanded: Expanded,
  others: Expanded,
  sharing: Sharing,
): Promise<InspectedFiles> {
  const { from, faults } = expanded;
  const files = given.map(({ name }, i): FileVerdict => {
    const fault = faults[i];
    if (fault) return { name, ok: false, isReadable: false, says: fault.message };
    const count = from.filter((at) => at === i).length;
    const says = count > 0 ? `${name}, ${pictures(count)}.` : `${name} is left aside.`;
    return { name, ok: true, isReadable: true, says };
  });
  // What systems put beside a person's files needs no word.
  const aside = others.sources.filter(
    ({ path }, i) => partsOf(path) !== null && !faults[others.from[i]!],
  ).length;
  return inspected(expanded, files, aside, () => treeOf(expanded.sources, sharing));
}

/** Tables of pictures: they say of every row which class it is. */
export async function inspectParquet(
  given: readonly ByteSource[],
  expanded: Expanded,
  others: Expanded,
  sharing: Sharing,
  signal: AbortSignal | undefined,
): Promise<InspectedFiles> {
  const { from } = expanded;
  const { INFO, checkParquet, parquetTree } = await import('../parquet/tree.ts');
  // A file that cannot be opened is named; the others go on.
  const broken: (DataError | null)[] = [];
  for (const source of expanded.sources) broken.push(await checkParquet(source));
  const faults = expanded.faults.map(
    (fault, i) => fault ?? broken.find((_, t) => from[t] === i) ?? null,
  );
  const tables = expanded.sources.filter((_, t) => !broken[t]);
  const files = given.map(({ name }, i): FileVerdict => {
    const fault = faults[i];
    if (fault) return { name, ok: false, isReadable: false, says: fault.message };
    const says = from.includes(i)
      ? `${name}, a table of pictures.`
      : name === INFO
        ? `${name}, the names of the classes.`
        : `${name} is left aside.`;
    return { name, ok: true, isReadable: true, says };
  });
  const aside = others.sources.filter(
    ({ name, path }, i) => name !== INFO && partsOf(path) !== null && !faults[others.from[i]!],
  ).length;
  return inspected({ ...expanded, faults }, files, aside, () => {
    if (tables.length === 0) throw broken[0]!;
    return parquetTree(tables, others.sources, sharing, signal);
  });
}

/** @param aside files that are no pictures. */
async function inspected(
  { faults, closed }: Expanded,
  files: readonly FileVerdict[],
  aside: number,
  make: () => Tree<PlacedSource> | Promise<Tree<PlacedSource>>,
): Promise<InspectedFiles> {
  const bad = faults.flatMap((fault) => (fault ? [fault.message] : []));
  let tree: Tree<PlacedSource>;
  try {
    tree = await make();
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    const all = [error.message, ...bad, ...closed.map(({ says }) => says)];
    const sentence = [...new Set(all)].join(' ');
    const report = { ...NONE, sentence, files, counts: null, imagesAlone: null, pictures: null };
    return { report, plan: null, tree: null };
  }
  const { classes, train, test, isShared, classless } = tree;
  const counts = { train: train.length, test: test.length };
  const found = {
    ...{ count: classless.length || counts.train + counts.test, classes, counts, isShared },
    isGrey: await isGrey(train[0]?.file ?? classless[0]),
    faults: [...tree.faults, ...closed.map(({ says }) => says)],
  };
  const sentence = [
    classes.length > 0
      ? `${pictures(found.count)} of ${classes.length} classes: ${grouped(counts.train)} for training, ` +
        `${grouped(counts.test)} for test${isShared ? ', drawn by a seed' : ''}.`
      : `${pictures(found.count)} without class folders: put the pictures of each class into a folder with its name, or drop ` +
        'them beside images that are at hand.',
    aside > 0
      ? `${aside === 1 ? 'One file that is' : `${grouped(aside)} files that are`} no picture stays aside.`
      : '',
    ...found.faults,
    ...bad,
  ];
  const isDataset = classes.length > 0;
  return {
    report: {
      ...NONE,
      ...(isDataset && { id: 'files', title: 'Your files', format: 'pictures', complete: true }),
      ...{ sentence: capital(sentence.filter((text) => text !== '').join(' ')), files },
      ...{
        counts: isDataset ? counts : null,
        imagesAlone: classless.length || null,
        pictures: found,
      },
    },
    plan: null,
    tree,
  };
}

const pictures = (count: number): string =>
  count === 1 ? 'one picture' : `${grouped(count)} pictures`;

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** By what the first picture says of itself; one that says nothing is taken to be in colour. */
async function isGrey(source: PlacedSource | undefined): Promise<boolean> {
  if (!source) return false;
  try {
    const bytes = new Uint8Array(
      await (source.blob ?? new Response(source.stream())).arrayBuffer(),
    );
    return readHeader(bytes, source.path).isGrey ?? false;
  } catch {
    return false;
  }
}
