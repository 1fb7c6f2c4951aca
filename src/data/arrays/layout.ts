/** How a table of text is laid out. */

/** What may stand between two cells. */
export const DELIMITERS = [',', ';', '\t', '|', ' '] as const;
export type Delimiter = (typeof DELIMITERS)[number];

export interface TableLayout {
  readonly delimiter: Delimiter;
  /** Whether the first row names the columns. */
  readonly hasHeader: boolean;
}
