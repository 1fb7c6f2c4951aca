/** How a person looks at a scene: the selected image, filters and order. Serialisable, and in the URL. */
import type { StoreApi } from 'zustand';
import type { Population } from '../../core/confusion.ts';
import { turns, type Turn } from '../../core/room.ts';
import type { Trace } from '../../core/trace.ts';

export type Order = 'index' | 'confidence' | 'difficulty';
export const orders: readonly Order[] = ['index', 'confidence', 'difficulty'];

/** Right or wrong where an image leaves, or what leaving there means for it. */
export type Verdict = 'all' | 'right' | 'wrong' | Turn;
export const verdicts: readonly Verdict[] = ['all', 'right', 'wrong', ...turns];

export const populations: readonly Population[] = ['all', 'arriving', 'leaving'];

/** A cell of the confusion matrix of one exit. */
export interface Cell {
  readonly exit: number;
  readonly truth: number;
  readonly predicted: number;
}

/** What a link carries of it. */
export interface LinkedSelection {
  /** Index of the selected image in the split on screen. */
  readonly image: number | null;
  /** Show only the images in this cell. */
  readonly cell: Cell | null;
  /** Show only images of this true class. */
  readonly truth: number | null;
  readonly verdict: Verdict;
  readonly order: Order;
  readonly population: Population;
}

export interface Selection extends LinkedSelection {
  /** Exit whose matrix is enlarged. */
  readonly enlarged: number | null;
}

export const plainSelection: LinkedSelection = {
  image: null,
  cell: null,
  truth: null,
  verdict: 'all',
  order: 'index',
  population: 'all',
};

export const defaultSelection: Selection = { ...plainSelection, enlarged: null };

/** The part of a scene that these actions change. */
export interface Selects {
  readonly selection: StoreApi<Selection>;
}

const setter =
  <Name extends keyof Selection>(name: Name) =>
  ({ selection }: Selects, value: Selection[Name]): void =>
    selection.setState({ [name]: value });

export const selectImage = setter('image');
export const filterByCell = setter('cell');
export const filterByTruth = setter('truth');
export const filterByVerdict = setter('verdict');
export const sortBy = setter('order');
export const countIn = setter('population');
export const enlarge = setter('enlarged');

/** Drops whatever points into a trace: another one has come. */
export function clearSelection({ selection }: Selects): void {
  selection.setState({ image: null, cell: null, truth: null, enlarged: null });
}

/** What a selection, which may be a link's, names and a trace does not have: without it, and a sentence for each. */
export function withoutAbsent(
  { image, cell, truth }: Pick<Selection, 'image' | 'cell' | 'truth'>,
  { split, count, classes, exits }: Pick<Trace, 'split' | 'count' | 'classes' | 'exits'>,
): { readonly change: Partial<Selection>; readonly sentences: readonly string[] } {
  const sentences: string[] = [];
  const isImage = image === null || image < count;
  if (!isImage) sentences.push(`There is no ${split} image ${image}; this run has ${count}.`);
  const isCell =
    !cell || (cell.exit < exits.length && Math.max(cell.truth, cell.predicted) < classes.length);
  if (!isCell)
    sentences.push(
      `The link's matrix cell is beyond this run's ${exits.length} exits or ${classes.length} classes.`,
    );
  const isTruth = truth === null || truth < classes.length;
  if (!isTruth)
    sentences.push(
      `There is no class ${truth} to show alone; this run has ${classes.length}, counted from 0. All are shown.`,
    );
  return {
    change: {
      ...(isImage ? {} : { image: null }),
      ...(isCell ? {} : { cell: null }),
      ...(isTruth ? {} : { truth: null }),
    },
    sentences,
  };
}
