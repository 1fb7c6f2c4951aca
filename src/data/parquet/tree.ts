/** Parquet files → the same tree as folders of pictures: each row is a picture, its class a folder, its file's split a folder above. */
import type { PlacedSource } from '../archives/placed.ts';
import { DataError, grouped } from '../errors.ts';
import type { Bytes } from '../formats/bytes.ts';
import { MOST_CLASSES, splitOf, treeOf, type Sharing, type Tree } from '../pictures/tree.ts';
import { featuresOf, type Features } from './features.ts';
import { openParquet, type Label, type ParquetFile } from './open.ts';

/** As the Hub's library calls what it says of a dataset's columns. */
export const INFO = 'dataset_info.json';

/** Rows of all files together: each is held as an object. */
const MOST_ROWS = 2_000_000;

/** Which split a file is of, by its name ("train-00000-of-00001.parquet"), else by the folders that it lies in. */
export function splitIn(path: string): string | null {
  for (const part of path.split('/').reverse())
    for (const word of part.replace(/\.parquet$/i, '').split(/[^a-z]+/i))
      if (splitOf(word) !== null) return word.toLowerCase();
  return null;
}

/** What is wrong with a file that cannot be opened at all; null where nothing is. */
export async function checkParquet(source: PlacedSource): Promise<DataError | null> {
  try {
    await openParquet(source, null);
    return null;
  } catch (error) {
    if (error instanceof DataError) return error;
    throw error;
  }
}

/**
 * @param beside other files; a dataset_info.json among them says what the columns are.
 * @throws DataError with a sentence when the files do not belong together or hold no pictures; AbortError.
 */
export async function parquetTree(
  files: readonly PlacedSource[],
  beside: readonly PlacedSource[],
  sharing: Sharing,
  signal: AbortSignal | undefined,
): Promise<Tree<PlacedSource>> {
  const info = await infoAmong(beside);
  const opened: ParquetFile[] = [];
  for (const source of files) {
    signal?.throwIfAborted();
    opened.push(await openParquet(source, info));
  }
  const rows = opened.reduce((sum, file) => sum + file.rows, 0);
  if (rows > MOST_ROWS)
    throw new DataError(
      `The parquet files hold ${grouped(rows)} rows; at most ${grouped(MOST_ROWS)} are opened. Give fewer of them.`,
    );
  const labels = await Promise.all(opened.map((file) => file.labels()));
  signal?.throwIfAborted();
  const named = opened.find(({ names }) => names !== null)?.names ?? null;
  const folders = foldersOf(named, labels);
  // A file that names no split stands beside those that do: its rows are then left out, with a word.
  const hasSplits = opened.some(({ source }) => splitIn(source.path) === 'train');
  let at = 0;
  let unlabelled = 0;
  const leaves = opened.flatMap((file, f): PlacedSource[] => {
    const split = hasSplits ? (splitIn(file.source.path) ?? baseOf(file.source.path)) : null;
    const own: PlacedSource[] = [];
    for (let row = 0; row < file.rows; row++) {
      const label = labels[f]?.[row] ?? null;
      if (file.label !== null && (label === null || isNone(label))) {
        unlabelled++;
        continue;
      }
      const folder = label === null ? [] : [folders.of(label)];
      const above = split !== null && label !== null ? [split] : [];
      own.push(rowOf(file, row, [...above, ...folder, `${at + row}.row`].join('/')));
    }
    at += file.rows;
    return own;
  });
  if (leaves.length === 0)
    throw new DataError(
      `${opened.map(({ source }) => source.name).join(', ')}: no row has both a picture and a label.`,
    );
  const [first] = opened;
  if (first!.label !== null && folders.count < 2)
    throw new DataError(
      `All rows are of one class (${folders.titleOf('0')}); telling classes apart takes two at least.`,
    );
  const tree = treeOf(leaves, sharing, folders.titleOf);
  const others = first!.otherLabels;
  const notes = [
    others.length > 0
      ? `classes are those of the column ${first!.label}; there is ${others.join(', ')} too`
      : null,
    unlabelled > 0
      ? `${unlabelled === 1 ? 'a row has' : `${grouped(unlabelled)} rows have`} no label and ${unlabelled === 1 ? 'is' : 'are'} left out`
      : null,
  ];
  return { ...tree, notes: [...tree.notes, ...notes.filter((note) => note !== null)] };
}

/** What the Hub's library writes where nobody says the class. */
const isNone = (label: Label): boolean => typeof label === 'number' && label < 0;

const baseOf = (path: string): string => path.split('/').at(-1)!;

async function infoAmong(beside: readonly PlacedSource[]): Promise<Features | null> {
  const found = beside.find(({ name }) => name === INFO);
  return found ? featuresOf(await new Response(found.stream()).text()) : null;
}

/** Every class as the name of a folder, in the order of the dataset. */
interface Folders {
  readonly of: (label: Label) => string;
  readonly titleOf: (folder: string) => string;
  /** How many there are. */
  readonly count: number;
}

/** Numbers are folders of that name; words are counted in their own order, so that any sign may be in them. */
function foldersOf(
  names: readonly string[] | null,
  labels: readonly (readonly Label[])[],
): Folders {
  const all = new Set(labels.flatMap((of) => [...new Set(of)]));
  const words = [...all].filter((label) => typeof label === 'string').sort();
  if (words.length > 0 && [...all].some((label) => typeof label === 'number'))
    throw new DataError(
      'Some of the parquet files have numbers for labels, others words: they belong to different datasets.',
    );
  const { size: count } = new Set([...all].filter((label) => label !== null && !isNone(label)));
  if (count > MOST_CLASSES)
    throw new DataError(
      `The column of labels has ${grouped(count)} different ones; at most ${MOST_CLASSES} classes can be told apart here.`,
    );
  const places = new Map(words.map((word, place) => [word, place]));
  const titles = words.length > 0 ? words : names;
  const top = titles && words.length === 0 ? titles.length : Infinity;
  for (const label of all)
    if (typeof label === 'number' && (label >= top || !Number.isInteger(label)))
      throw new DataError(
        `A label is ${label}, but only ${titles?.length ?? 'whole'} ${titles ? 'classes are named' : 'numbers are classes'}: ` +
          'the files are damaged, or dataset_info.json is of another dataset.',
      );
  return {
    count,
    of: (label) => String(typeof label === 'string' ? places.get(label) : label),
    titleOf: (folder) => titles?.[Number(folder)] ?? folder,
  };
}

function rowOf(file: ParquetFile, row: number, path: string): PlacedSource {
  return {
    ...{ name: file.source.name, path },
    stream: () =>
      new ReadableStream<Bytes>({
        async start(controller) {
          controller.enqueue(await file.picture(row));
          controller.close();
        },
      }),
  };
}
