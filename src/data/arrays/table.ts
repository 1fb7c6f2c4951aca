/** Tables of text: CSV, TSV and their like. Rows are walked through, never kept, so that a table takes no more than its numbers. */
import type { ParseStepResult } from 'papaparse';
import { DataError } from '../errors.ts';
import { DELIMITERS, type TableLayout } from './layout.ts';

/** A column's cells: numbers, and text where a cell is none. */
export class Column {
  readonly name: string;
  private readonly cells: number[] = [];
  private readonly others = new Map<number, string>();

  constructor(name: string) {
    this.name = name;
  }

  get length(): number {
    return this.cells.length;
  }

  get isText(): boolean {
    return this.others.size > 0;
  }

  add(cell: string): void {
    const value = cell.trim() === '' ? NaN : Number(cell);
    if (Number.isNaN(value)) this.others.set(this.cells.length, cell.trim());
    this.cells.push(value);
  }

  /** A cell as it stood there, but for how a number was written. */
  text(row: number): string {
    return this.others.get(row) ?? `${this.cells[row]}`;
  }

  /** @throws DataError with the row and what stands there when it is no number. */
  number(row: number): number {
    const other = this.others.get(row);
    if (other !== undefined)
      throw new DataError(
        `row ${row + 1} of the column ${this.name} is “${other.slice(0, 40)}”; expected a number.`,
      );
    return this.cells[row]!;
  }
}

/** The beginning of a table: enough to recognise it and to show it. */
export interface TableBegin {
  readonly layout: TableLayout;
  readonly names: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const FIRST_ROWS = 20;

/** Reads the first rows; what is not said of the layout is recognised. */
export async function beginOf(text: string, given: Partial<TableLayout> = {}): Promise<TableBegin> {
  const { default: papa } = await import('papaparse');
  const { data, meta } = papa.parse<string[]>(text.slice(0, 1_000_000), {
    preview: FIRST_ROWS + 1,
    skipEmptyLines: true,
    delimiter: given.delimiter ?? '',
    delimitersToGuess: [...DELIMITERS],
  });
  const delimiter = DELIMITERS.find((one) => one === meta.delimiter) ?? ',';
  const first = data[0] ?? [];
  const hasHeader = given.hasHeader ?? first.some((cell) => !isNumber(cell));
  const names = hasHeader
    ? first.map((cell) => cell.trim())
    : first.map((_, n) => `column ${n + 1}`);
  return {
    layout: { delimiter, hasHeader },
    names,
    rows: data.slice(hasHeader ? 1 : 0).slice(0, FIRST_ROWS),
  };
}

const isNumber = (cell: string): boolean => cell.trim() !== '' && !Number.isNaN(Number(cell));

/**
 * Reads the columns of those numbers, whole.
 * @throws DataError with a sentence without the file's name, that names the row.
 */
export async function columnsOf(
  text: string,
  { delimiter, hasHeader }: TableLayout,
  wanted: ReadonlyMap<number, string>,
  width: number,
): Promise<Map<number, Column>> {
  const { default: papa } = await import('papaparse');
  const columns = new Map([...wanted].map(([n, name]) => [n, new Column(name)] as const));
  let row = 0;
  let fault: DataError | null = null;
  papa.parse<string[]>(text, {
    delimiter,
    skipEmptyLines: true,
    step({ data, errors }: ParseStepResult<string[]>, parser) {
      if (row++ === 0 && hasHeader) return;
      const broken = errors.find(({ type }) => type === 'Quotes');
      if (broken) fault = new DataError(`row ${row} has a quote that is not closed.`);
      else if (data.length !== width)
        fault = new DataError(
          `row ${row} has ${data.length} cells; expected ${width}, as in the first row.`,
        );
      if (fault) parser.abort();
      else for (const [n, column] of columns) column.add(data[n]!);
    },
  });
  if (fault) throw fault as DataError;
  return columns;
}
