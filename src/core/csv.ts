/** Tables as comma-separated text (RFC 4180), which spreadsheets and `pandas.read_csv` open as they are. */

/** Null is an empty cell. */
export type Cell = string | number | null;

/**
 * A head and its rows, a line each, every line ended by a line feed.
 * @throws Error when a row is not as long as the head.
 */
export function csv(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const wrong = rows.findIndex((row) => row.length !== head.length);
  if (wrong >= 0)
    throw new Error(
      `Row ${wrong} of the table has ${rows[wrong]?.length} cells; expected ${head.length}, one a column.`,
    );
  return [head, ...rows].map((row) => `${row.map(cellText).join(',')}\n`).join('');
}

/** Names come from files and from people: a spreadsheet would compute those that begin like a formula. */
function cellText(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return `${cell}`;
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * A table with one more column at its end, which says something of the whole table in its first row and is empty in all
 * others. A comment above the head would be taken for the head by spreadsheets and by `pandas.read_csv`; a column of its own
 * moves no other.
 * @param table as `csv` writes it.
 */
export function withRemark(table: string, head: string, remark: string): string {
  const cells = [head, remark].map(cellText);
  let isQuoted = false;
  let line = 0;
  let text = '';
  for (const character of table) {
    if (character === '"') isQuoted = !isQuoted;
    if (character === '\n' && !isQuoted) text += `,${cells[line++] ?? ''}`;
    text += character;
  }
  return text;
}
