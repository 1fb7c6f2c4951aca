/**
 * Parquet files of pictures, as the Hugging Face Hub has datasets: a column of picture files ({bytes, path}) and one of
 * labels. Rows are read as they are asked for, some megabytes at a time.
 */
import type { FileMetaData, SchemaTree } from 'hyparquet';
import type { PlacedSource } from '../archives/placed.ts';
import { DataError, grouped } from '../errors.ts';
import type { Bytes } from '../formats/bytes.ts';
import { featuresOf, type Features } from './features.ts';

/** What stands in a cell of the column of labels; null where nobody says it. */
export type Label = number | string | null;

export interface ParquetFile {
  readonly source: PlacedSource;
  readonly rows: number;
  /** Column of the labels; null where there is none. */
  readonly label: string | null;
  /** Further columns that could be labels. */
  readonly otherLabels: readonly string[];
  /** Names of the classes by their numbers; null where the file does not say them. */
  readonly names: readonly string[] | null;
  /** Of every row. */
  readonly labels: () => Promise<readonly Label[]>;
  /** The picture file of a row. @throws DataError when its cell is empty or damaged. */
  readonly picture: (row: number) => Promise<Bytes>;
}

/** Most bytes of a row group that are read at once; a larger one is read in parts. */
const MOST_AT_ONCE = 2 ** 26;

const IMAGE_NAMES = ['image', 'img', 'picture', 'photo', 'png', 'jpg'];
const LABEL_NAMES = ['label', 'labels', 'class', 'target', 'fine_label', 'y', 'category'];

/**
 * Reads what a file says of itself.
 * @param beside what dataset_info.json beside it says.
 * @throws DataError with a sentence when it is no parquet file, or has no column of pictures.
 */
export async function openParquet(
  source: PlacedSource,
  beside: Features | null,
): Promise<ParquetFile> {
  const { name } = source;
  const { parquetMetadataAsync, parquetReadObjects, parquetSchema } = await import('hyparquet');
  const blob = source.blob ?? (await new Response(source.stream()).blob());
  const file = {
    byteLength: blob.size,
    slice: (start: number, end?: number) => blob.slice(start, end).arrayBuffer(),
  };
  const metadata = await parquetMetadataAsync(file).catch((error: unknown) => {
    throw new DataError(`${name} is no parquet file, or is cut off (${words(error)}).`);
  });
  const { children } = parquetSchema(metadata);
  const written = metadata.key_value_metadata?.find(({ key }) => key === 'huggingface')?.value;
  const features = (written !== undefined && featuresOf(written)) || beside;
  const image = imageColumn(children, features);
  if (image === null)
    throw new DataError(
      `${name} has no column of pictures; its columns are ${listed(children.map(columnWords))}. Expected one of PNG or JPEG ` +
        'files, as the Hub’s “Image” columns are.',
    );
  const candidates = labelColumns(children, features, image);
  const [label = null, ...otherLabels] = candidates;
  const compressors = await compressorsFor(metadata);
  const read = (column: string, rowStart: number, rowEnd: number): Promise<readonly unknown[]> =>
    parquetReadObjects({
      ...{ file, metadata, columns: [column], rowStart, rowEnd, utf8: false },
      ...(compressors && { compressors }),
    }).then(
      (rows) => rows.map((row): unknown => row[column]),
      (error: unknown) => {
        throw new DataError(
          `${name} is damaged: rows ${grouped(rowStart)} to ${grouped(rowEnd - 1)} cannot be read (${words(error)}). ` +
            'Download it again.',
        );
      },
    );
  const parts = partsOf(metadata);
  // Pictures are asked for one after the other: of one part at a time.
  let held: { readonly part: Part; readonly cells: Promise<readonly unknown[]> } | null = null;
  const cellsOf = (part: Part): Promise<readonly unknown[]> => {
    if (held?.part !== part)
      held = {
        part,
        cells: read(image, part.start, part.end),
      };
    return held.cells;
  };
  return {
    ...{ source, rows: Number(metadata.num_rows), label, otherLabels },
    names: (label !== null && namesOf(features, label)) || null,
    labels: async () => {
      if (label === null) return [];
      return (await read(label, 0, Number(metadata.num_rows))).map(labelOf);
    },
    picture: async (row) => {
      const part = parts.find(({ end }) => row < end)!;
      return pictureOf((await cellsOf(part))[row - part.start], `${name}, row ${grouped(row)}`);
    },
  };
}

/** Rows that are read at once. */
interface Part {
  readonly start: number;
  readonly end: number;
}

function partsOf({ row_groups: groups }: FileMetaData): Part[] {
  const parts: Part[] = [];
  let at = 0;
  for (const { num_rows, total_byte_size } of groups) {
    const rows = Number(num_rows);
    const count = Math.max(1, Math.ceil(Number(total_byte_size) / MOST_AT_ONCE));
    const each = Math.max(1, Math.ceil(rows / count));
    for (let start = 0; start < rows; start += each)
      parts.push({ start: at + start, end: at + Math.min(rows, start + each) });
    at += rows;
  }
  return parts;
}

/** Snappy, which the Hub writes, is hyparquet's own; the others come when a file needs them. */
async function compressorsFor({ row_groups: groups }: FileMetaData) {
  const codecs = new Set(
    groups.flatMap(({ columns }) => columns.map(({ meta_data: about }) => about?.codec)),
  );
  const isPlain = [...codecs].every((codec) => codec === 'SNAPPY' || codec === 'UNCOMPRESSED');
  return isPlain ? null : (await import('hyparquet-compressors')).compressors;
}

const isBytes = ({ element, children }: SchemaTree): boolean =>
  children.length === 0 && element.type === 'BYTE_ARRAY';

const isText = ({ element }: SchemaTree): boolean =>
  element.converted_type === 'UTF8' || element.logical_type?.type === 'STRING';

/** The column that is said to hold pictures, or that looks like it. */
function imageColumn(columns: readonly SchemaTree[], features: Features | null): string | null {
  const fits = (column: SchemaTree): boolean =>
    column.children.some((child) => child.element.name === 'bytes' && isBytes(child)) ||
    (isBytes(column) && !isText(column));
  const all = columns.filter(fits).map(({ element }) => element.name);
  const said = features?.images.find((name) => all.includes(name));
  return said ?? IMAGE_NAMES.find((name) => all.includes(name)) ?? all[0] ?? null;
}

/** Columns that may be labels, the likeliest first: what is said to be one, then names, then nothing. */
function labelColumns(
  columns: readonly SchemaTree[],
  features: Features | null,
  image: string,
): string[] {
  const fits = ({ element, children }: SchemaTree): boolean =>
    children.length === 0 &&
    element.name !== image &&
    (element.type === 'INT32' || element.type === 'INT64' || element.type === 'BYTE_ARRAY');
  const all = columns.filter(fits).map(({ element }) => element.name);
  const rank = (name: string): number => {
    const place = LABEL_NAMES.indexOf(name);
    return place < 0 ? LABEL_NAMES.length : place;
  };
  const said = all.filter((name) => features?.labels.has(name));
  const named = all.filter((name) => LABEL_NAMES.includes(name));
  return (said.length > 0 ? said : named).sort((a, b) => rank(a) - rank(b));
}

const namesOf = (features: Features | null, label: string): readonly string[] | null => {
  const names = features?.labels.get(label) ?? [];
  return names.length > 0 ? names : null;
};

function labelOf(cell: unknown): Label {
  if (typeof cell === 'bigint') return Number(cell);
  if (typeof cell === 'number' || typeof cell === 'string') return cell;
  return cell instanceof Uint8Array ? new TextDecoder().decode(cell) : null;
}

function pictureOf(cell: unknown, where: string): Bytes {
  const bytes: unknown =
    cell instanceof Uint8Array || typeof cell !== 'object' || cell === null || !('bytes' in cell)
      ? cell
      : cell.bytes;
  if (bytes instanceof Uint8Array && bytes.length > 0) return bytes as Bytes;
  throw new DataError(
    `${where}, has no picture: only its path is there, or nothing. It is left out.`,
  );
}

const columnWords = ({ element, children }: SchemaTree): string =>
  `${element.name} (${children.length > 0 ? 'nested' : (element.type ?? 'nothing').toLowerCase()})`;

const listed = (items: readonly string[]): string =>
  items.length > 12 ? `${items.slice(0, 12).join(', ')}, …` : items.join(', ') || 'none';

const words = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/^parquet /, '').slice(0, 160);
