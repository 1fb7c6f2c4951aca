/** What being right means on a trace: a true class, or where none is known, the cluster that the last exit gives. */
import { meaningOf, type Meaning } from '../../core/meaning.ts';
import type { Trace } from '../../core/trace.ts';

export interface RightWords {
  readonly accuracy: string;
  /** "40 % right"; also a head over counts of images. */
  readonly right: string;
  readonly wrong: string;
  /** What an image is filtered by. */
  readonly kind: 'class' | 'cluster';
  readonly truth: string;
  readonly predicted: string;
  readonly matrix: string;
  /** What a matrix's rows and columns are. */
  readonly axes: string;
  /** The whole network without exits. */
  readonly plain: string;
  /** The same in a sentence. */
  readonly thePlain: string;
  /** What distances are measured to. */
  readonly mean: string;
  /** Images of one row in the column of another. */
  readonly taken: (truth: string, predicted: string) => string;
}

const classes: RightWords = {
  accuracy: 'accuracy',
  right: 'right',
  wrong: 'wrong',
  kind: 'class',
  truth: 'true class',
  predicted: 'predicted',
  matrix: 'confusion matrix',
  axes: 'rows: true class, columns: predicted',
  plain: 'plain network',
  thePlain: 'the plain network',
  mean: 'class mean',
  taken: (truth, predicted) => `${truth} taken for ${predicted}`,
};

const matchedClusters: RightWords = {
  ...classes,
  predicted: 'cluster',
  axes: 'rows: true class, columns: cluster, named after the class that it is matched to',
  plain: 'DEC-large alone',
  thePlain: 'DEC-large alone',
  mean: 'cluster centre',
  taken: (truth, predicted) => `${truth} in the cluster of ${predicted}`,
};

const clustersAlone: RightWords = {
  ...matchedClusters,
  accuracy: 'agreement with DEC-large',
  right: 'as DEC-large',
  wrong: 'not as DEC-large',
  kind: 'cluster',
  truth: 'cluster by DEC-large',
  predicted: 'cluster here',
  matrix: 'matrix of clusters',
  axes: 'rows: cluster by DEC-large, columns: cluster at this exit',
  taken: (truth, predicted) => `${truth} put into ${predicted}`,
};

/** Whether no true classes stand behind a trace: its labels are then those of the last exit. */
export function isUnlabelled(trace: Pick<Trace, 'provenance'>): boolean {
  return meaningOf(trace) === 'unlabelled';
}

/** Whether predictions are clusters, matched to classes or not. */
export function isClustering(trace: Pick<Trace, 'provenance'>): boolean {
  return meaningOf(trace) !== 'classes';
}

const words: Readonly<Record<Meaning, RightWords>> = {
  classes,
  clusters: matchedClusters,
  unlabelled: clustersAlone,
};

export const rightWords = (trace: Pick<Trace, 'provenance'>): RightWords => words[meaningOf(trace)];
