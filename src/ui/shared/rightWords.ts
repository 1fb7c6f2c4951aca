/** What being right means on a trace: a true class, or where none is known, the cluster that the last exit gives. */
import { meaningOf, type Meaning } from '../../core/meaning.ts';
import type { Trace } from '../../core/trace.ts';
import { clusteringId } from '../../methods/registry.ts';

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

const agreeing: RightWords = {
  ...classes,
  accuracy: 'agreement with the last exit',
  right: 'as the last exit',
  wrong: 'not as the last exit',
  truth: 'class by the last exit',
  predicted: 'class here',
  matrix: 'matrix of agreement',
  axes: 'rows: class by the last exit, columns: class at this exit',
  taken: (truth, predicted) => `${truth} by the last exit, ${predicted} here`,
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

/** Whether a trace's labels are clusters by the last exit of a clustering: they then have names as clusters have. */
export function isUnlabelled(trace: Pick<Trace, 'provenance'>): boolean {
  return meaningOf(trace) === 'unlabelled';
}

/** Whether true classes stand behind a trace; without, its labels are those of the last exit. */
export function hasTruth(trace: Pick<Trace, 'provenance'>): boolean {
  return !['unlabelled', 'agreement'].includes(meaningOf(trace));
}

/** Whether predictions and labels are simply classes. */
export const isPlain = (trace: Pick<Trace, 'provenance'>): boolean =>
  meaningOf(trace) === 'classes';

const words: Readonly<Record<Meaning, RightWords>> = {
  classes,
  agreement: agreeing,
  clusters: matchedClusters,
  unlabelled: clustersAlone,
};

/** The same of clusterings from elsewhere, whose last exit is no DEC-large. */
const elsewhere: Readonly<Partial<Record<Meaning, RightWords>>> = {
  clusters: { ...matchedClusters, plain: 'the last exit', thePlain: 'the last exit alone' },
  unlabelled: {
    ...clustersAlone,
    ...{ accuracy: 'agreement with the last exit', right: 'as the last exit' },
    ...{ wrong: 'not as the last exit', truth: 'cluster by the last exit' },
    ...{ plain: 'the last exit', thePlain: 'the last exit alone' },
    axes: 'rows: cluster by the last exit, columns: cluster at this exit',
  },
};

export function rightWords(trace: Pick<Trace, 'provenance' | 'method'>): RightWords {
  const meaning = meaningOf(trace);
  return (trace.method === clusteringId ? undefined : elsewhere[meaning]) ?? words[meaning];
}
