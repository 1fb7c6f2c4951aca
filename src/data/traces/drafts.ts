/** Files of arrays and tables on their way to traces: read once, kept in the data worker until they are answered for. */
import { readArrays } from '../arrays/read.ts';
import { beginOf, columnsOf } from '../arrays/table.ts';
import { DataError, grouped } from '../errors.ts';
import { shapeWords } from '../arrays/numbers.ts';
import { build } from './build.ts';
import { arraysOf, meaningsOf, wantedOf } from './columns.ts';
import type { Answers, Built, Draft, TableInfo, TableRevision } from './draft.ts';
import { inventory, type Held } from './inventory.ts';
import { recognise } from './recognise.ts';

/** A file as it was given: its name and its bytes. */
export interface GivenFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly isTable: boolean;
}

interface Kept {
  readonly id: number;
  readonly files: readonly string[];
  readonly arrays: readonly Held[];
  readonly tables: readonly KeptTable[];
}

interface KeptTable {
  readonly text: string;
  readonly info: TableInfo;
  readonly held: readonly Held[];
}

/** The latest alone: files of arrays are large. */
let kept: Kept | null = null;
let last = 0;

/** Text of this length is what a browser surely holds. */
const MOST_TEXT = 4e8;

/** Reads files as a draft. @throws DataError with a sentence that names the file. */
export async function draftOf(files: readonly GivenFile[]): Promise<Draft> {
  const arrays: Held[] = [];
  const tables: KeptTable[] = [];
  for (const { name, bytes, isTable } of files)
    if (isTable) tables.push(await tableOf(name, textOf(name, bytes), null));
    else arrays.push(...inventory(name, readArrays(bytes, name)));
  if (tables.length === 0 && areWeights(arrays))
    throw new DataError(
      `${files.map(({ name }) => name).join(' and ')} holds the weights of a network without its layers. The network opens ` +
        'once it is exported as ONNX (torch.onnx.export).',
    );
  const couldBe = arrays.some(
    ({ shape, texts }) => !texts && (shape.length === 2 || shape.length === 3),
  );
  if (tables.length === 0 && !couldBe) throw new DataError(noScoresIn(files, arrays));
  kept = { id: ++last, files: files.map(({ name }) => name), arrays, tables };
  return draftFrom(kept);
}

/** As PyTorch calls what a module has learnt. */
const WEIGHT = /(^|\.)(weight|bias|running_(mean|var)|num_batches_tracked)$/;

/** Whether most arrays are weights by their names. */
const areWeights = (arrays: readonly Held[]): boolean =>
  2 * arrays.filter(({ path }) => WEIGHT.test(path.at(-1) ?? '')).length > arrays.length;

function noScoresIn(files: readonly GivenFile[], arrays: readonly Held[]): string {
  const found = arrays
    .slice(0, 6)
    .map(({ path, shape }) => `${path.join(' › ') || 'an array'} ${shapeWords(shape)}`);
  return (
    `${files.map(({ name }) => name).join(' and ')} ${files.length > 1 ? 'hold' : 'holds'} ${found.join(', ') || 'no arrays'}; ` +
    'expected logits or probs [exits, images, classes], or prediction and confidence [exits, images].'
  );
}

/** Reads tables in another way. @throws DataError when the draft is gone. */
export async function reviseDraft(id: number, revisions: readonly TableRevision[]): Promise<Draft> {
  const before = keptAs(id);
  const tables = await Promise.all(
    before.tables.map(async (table, n) => {
      const revision = revisions[n];
      return revision ? tableOf(table.info.file, table.text, revision) : table;
    }),
  );
  kept = { ...before, tables };
  return draftFrom(kept);
}

/** Makes traces of a draft, or says what is wrong with the answers. @throws DataError when the draft is gone. */
export function buildDraft(id: number, answers: Answers): Built {
  const draft = keptAs(id);
  const built = build(answers, allOf(draft));
  if (!built.faults) kept = null;
  return built;
}

function keptAs(id: number): Kept {
  if (kept?.id === id) return kept;
  throw new DataError('The files are no longer at hand. Open them again.');
}

const allOf = ({ arrays, tables }: Kept): Held[] => [
  ...arrays,
  ...tables.flatMap(({ held }) => held),
];

function draftFrom(draft: Kept): Draft {
  const all = allOf(draft);
  return {
    id: draft.id,
    files: draft.files,
    items: all.map(({ id, name, shape, dtype }) => ({ id, name, shape, dtype })),
    tables: draft.tables.map(({ info }) => info),
    answers: recognise(all),
  };
}

function textOf(name: string, bytes: Uint8Array): string {
  if (bytes.length > MOST_TEXT)
    throw new DataError(
      `${name} has ${grouped(bytes.length)} bytes; tables of at most ${grouped(MOST_TEXT)} can be opened. Save it as .npz.`,
    );
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new DataError(`${name} is no text in UTF-8; save the table as CSV in UTF-8.`, {
      cause: error,
    });
  }
}

async function tableOf(
  file: string,
  text: string,
  revision: TableRevision | null,
): Promise<KeptTable> {
  const { layout, names, rows } = await beginOf(text, revision?.layout);
  const isSame = revision?.columns?.length === names.length;
  const columns = isSame ? revision.columns! : meaningsOf(names);
  const info = { file, layout, names, rows, columns };
  try {
    const read = await columnsOf(text, layout, wantedOf(columns, names), names.length);
    const held = inventory(file, arraysOf(columns, read));
    return { text, info: { ...info, fault: null }, held };
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    return { text, info: { ...info, fault: `${file}: ${error.message}` }, held: [] };
  }
}
