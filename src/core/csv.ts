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
