/** Files of arrays and tables by their names. */

export const ARRAY_FILES = /\.(npy|npz|pth|pt|pkl|pickle)$/i;

export const TABLE_FILES = /\.(csv|tsv|tab)$/i;
