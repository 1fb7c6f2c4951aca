/**
 * Number of rows of a row-major array [N, columns].
 * @param what names the array in the error, as in "the embedding".
 * @throws Error when `columns` is not a positive whole number or the length is not a multiple of it.
 */
export function rowsOf(array: ArrayLike<number>, columns: number, what: string): number {
  if (!Number.isInteger(columns) || columns < 1)
    throw new Error(
      `${what} cannot have rows of ${columns} numbers; expected a whole number from 1.`,
    );
  const rows = array.length / columns;
  if (!Number.isInteger(rows))
    throw new Error(
      `${what} has ${array.length} numbers, which do not fill rows of ${columns} each.`,
    );
  return rows;
}

/**
 * Labels are bytes throughout (`Uint8Array`), so 256 is the most that can be told apart.
 * @throws Error when there are more than that, none, or a broken number of them.
 */
export function checkByteLabels(count: number, what: string): void {
  if (!Number.isInteger(count) || count < 1 || count > 256)
    throw new Error(`${count} ${what} cannot be labelled with a byte; expected 1 to 256.`);
}
