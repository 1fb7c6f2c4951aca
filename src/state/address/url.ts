/** The URL as a mirror of the state: one table of properties reads and writes it. */
import type { BackendChoice } from '../../engine/protocol.ts';
import { AGREEMENTS } from '../../methods/e2cm-sdn/options.ts';
import type { TraceSplit } from '../../core/trace.ts';
import { defaultCompare, methodIds, type CompareChoices } from '../compare/choices.ts';
import { curveIds, type CurveId } from '../scene/curve.ts';
import { CLUSTER_LIMITS, defaultClusters, type ClusterChoices } from '../unsupervised/choices.ts';
import { defaultPaper, type PaperChoices } from '../paper/choices.ts';
import {
  MAX_EPOCHS,
  MAX_IMAGES,
  MAX_SEED,
  backendChoices,
  holdouts,
  defaultSettings,
  sources,
  type Settings,
} from '../settings.ts';
import {
  defaultView,
  orders,
  pages,
  populations,
  themes,
  verdicts,
  type ViewState,
} from '../view.ts';
import {
  MOST_MATRICES,
  identifier,
  integer,
  list,
  oneOf,
  readCell,
  readCost,
  readExits,
  readMethods,
  readPair,
  readThresholds,
  searchNames,
  text,
  writeThreshold,
} from './values.ts';

/** Everything that a link carries. */
export interface LinkState {
  readonly settings: Settings;
  readonly view: Omit<ViewState, 'enlarged'>;
  readonly split: TraceSplit;
  /** Who chooses the thresholds. */
  readonly curve: CurveId;
  /** T of every exit but the last; null when the link leaves them to the sweep. */
  readonly thresholds: readonly number[] | null;
  readonly compare: CompareChoices;
  readonly paper: PaperChoices;
  readonly clusters: ClusterChoices;
}

export const defaultLink: LinkState = {
  settings: defaultSettings,
  view: defaultView,
  split: 'test',
  curve: 'frontier',
  thresholds: null,
  compare: defaultCompare,
  paper: defaultPaper,
  clusters: defaultClusters,
};

/** One property of the URL. */
interface Property {
  readonly key: string;
  /** What a value may be, for the sentence that says why one was dropped. */
  readonly expected: string;
  /** The state with the value that `text` stands for; undefined when it is not allowed. */
  readonly read: (state: LinkState, text: string) => LinkState | undefined;
  readonly write: (state: LinkState) => string | null;
}

/** Ties a property's type together, so that the table need not know it. */
function property<Value>(
  key: string,
  expected: string,
  get: (state: LinkState) => Value,
  put: (state: LinkState, value: Value) => LinkState,
  parse: (text: string) => Value | undefined,
  print: (value: Value) => string | null,
): Property {
  return {
    key,
    expected,
    read: (state, text) => {
      const value = parse(text);
      return value === undefined ? undefined : put(state, value);
    },
    write: (state) => print(get(state)),
  };
}

function setting<Key extends keyof Settings>(
  key: string,
  name: Key,
  expected: string,
  parse: (text: string) => Settings[Key] | undefined,
): Property {
  return property(
    key,
    expected,
    (state) => state.settings[name],
    (state, value) => ({ ...state, settings: { ...state.settings, [name]: value } }),
    parse,
    text,
  );
}

function viewing<Key extends keyof LinkState['view']>(
  key: string,
  name: Key,
  expected: string,
  parse: (text: string) => LinkState['view'][Key] | undefined,
  print: (value: LinkState['view'][Key]) => string | null,
): Property {
  return property(
    key,
    expected,
    (state) => state.view[name],
    (state, value) => ({ ...state, view: { ...state.view, [name]: value } }),
    parse,
    print,
  );
}

/** A choice of one of the other pages. */
function choice<Page extends 'compare' | 'paper' | 'clusters', Key extends keyof LinkState[Page]>(
  key: string,
  page: Page,
  name: Key,
  expected: string,
  parse: (text: string) => LinkState[Page][Key] | undefined,
  print: (value: LinkState[Page][Key]) => string | null,
): Property {
  return property(
    key,
    expected,
    (state) => state[page][name],
    (state, value) => ({ ...state, [page]: { ...state[page], [name]: value } }),
    parse,
    print,
  );
}

/** A number of the Unsupervised page. */
function clusterNumber(
  key: string,
  name:
    | 'trainImages'
    | 'testImages'
    | 'clusters'
    | 'epochs'
    | 'refineSteps'
    | 'interval'
    | 'batch'
    | 'refineBatch'
    | 'seed',
  from: number,
  to: number,
): Property {
  const expected = `a whole number from ${from} to ${to}`;
  return choice(key, 'clusters', name, expected, integer(from, to), text);
}

const properties: readonly Property[] = [
  setting('data', 'dataset', 'a dataset id', identifier),
  setting('network', 'network', 'a network id', identifier),
  setting('method', 'method', list(methodIds), oneOf(methodIds)),
  setting('epochs', 'epochs', `a whole number from 1 to ${MAX_EPOCHS}`, integer(1, MAX_EPOCHS)),
  setting('seed', 'seed', `a whole number up to ${MAX_SEED}`, integer(0, MAX_SEED)),
  setting('train', 'trainImages', `a whole number up to ${MAX_IMAGES}`, integer(0, MAX_IMAGES)),
  setting('test', 'testImages', `a whole number up to ${MAX_IMAGES}`, integer(0, MAX_IMAGES)),
  setting('label', 'label', 'normalised or raw', oneOf(['normalised', 'raw'] as const)),
  setting(
    'last',
    'lastExit',
    'network or nearest-mean',
    oneOf(['network', 'nearest-mean'] as const),
  ),
  setting('agreement', 'agreement', list(AGREEMENTS), oneOf(AGREEMENTS)),
  setting(
    'unconfident',
    'unconfident',
    'network or most-confident',
    oneOf(['network', 'most-confident'] as const),
  ),
  setting('holdout', 'holdout', list(holdouts.map(String)), (given) =>
    holdouts.find((share) => `${share}` === given),
  ),
  setting('backend', 'backend', list(backendChoices), oneOf<BackendChoice>(backendChoices)),
  setting('from', 'source', list(sources), oneOf(sources)),
  viewing('page', 'page', list(pages), oneOf(pages), text),
  viewing('theme', 'theme', list(themes), oneOf(themes), text),
  viewing('image', 'image', 'the index of an image', integer(0, MAX_IMAGES), text),
  viewing('cell', 'cell', 'exit.true.predicted', readCell, (cell) =>
    cell ? `${cell.exit}.${cell.truth}.${cell.predicted}` : null,
  ),
  viewing('class', 'truth', 'the index of a class', integer(0, 255), text),
  viewing('show', 'verdict', list(verdicts), oneOf(verdicts), text),
  viewing('order', 'order', list(orders), oneOf(orders), text),
  viewing('count', 'population', list(populations), oneOf(populations), text),
  property<TraceSplit>(
    'split',
    'train, holdout or test',
    (state) => state.split,
    (state, split) => ({ ...state, split }),
    oneOf(['train', 'holdout', 'test'] as const),
    text,
  ),
  property<CurveId>(
    'curve',
    list(curveIds),
    (state) => state.curve,
    (state, curve) => ({ ...state, curve }),
    oneOf(curveIds),
    text,
  ),
  property<LinkState['thresholds']>(
    'T',
    'thresholds joined by _',
    (state) => state.thresholds,
    (state, thresholds) => ({ ...state, thresholds }),
    readThresholds,
    (thresholds) => thresholds?.map(writeThreshold).join('_') ?? null,
  ),
  choice(
    'race',
    'compare',
    'methods',
    `some of ${methodIds.join(', ')} joined by _`,
    readMethods,
    (methods) => (methods.length > 0 ? methods.join('_') : 'none'),
  ),
  choice('by', 'compare', 'search', list(searchNames), oneOf(searchNames), text),
  choice('at', 'compare', 'pinned', 'relative FLOPs from 0 to 1', readCost, text),
  choice(
    'pair',
    'compare',
    'pair',
    'two of method.recorded or method.live joined by _',
    readPair,
    (pair) => pair?.map((racer) => racer.replace(' ', '.')).join('_') ?? null,
  ),
  choice('paper-by', 'paper', 'search', list(searchNames), oneOf(searchNames), text),
  choice('figure', 'paper', 'figureRun', 'the id of a recorded run', identifier, text),
  choice(
    'exits',
    'paper',
    'figureExits',
    `up to ${MOST_MATRICES} different exits, counted from 0, joined by _`,
    readExits,
    (exits) => exits?.join('_') ?? null,
  ),
  choice('c-data', 'clusters', 'dataset', 'a dataset id', identifier, text),
  choice(
    'c-start',
    'clusters',
    'start',
    'trained or fresh',
    oneOf(['trained', 'fresh'] as const),
    text,
  ),
  choice('c-from', 'clusters', 'source', list(sources), oneOf(sources), text),
  clusterNumber('c-train', 'trainImages', 0, MAX_IMAGES),
  clusterNumber('c-test', 'testImages', 0, MAX_IMAGES),
  clusterNumber('c-k', 'clusters', 0, CLUSTER_LIMITS.clusters[1]),
  clusterNumber('c-epochs', 'epochs', ...CLUSTER_LIMITS.epochs),
  clusterNumber('c-steps', 'refineSteps', ...CLUSTER_LIMITS.refineSteps),
  clusterNumber('c-interval', 'interval', ...CLUSTER_LIMITS.interval),
  clusterNumber('c-batch', 'batch', ...CLUSTER_LIMITS.batch),
  clusterNumber('c-refine-batch', 'refineBatch', ...CLUSTER_LIMITS.refineBatch),
  clusterNumber('c-seed', 'seed', 0, MAX_SEED),
  choice(
    'c-classes',
    'clusters',
    'labelled',
    'yes or no',
    (given) => (given === 'yes' ? true : given === 'no' ? false : undefined),
    (labelled) => (labelled ? 'yes' : 'no'),
  ),
];

/** Reads a query string. Values that are not allowed are dropped, each with a sentence. */
export function readLink(query: string): { state: LinkState; dropped: string[] } {
  const parameters = new URLSearchParams(query);
  const dropped: string[] = [];
  let state = defaultLink;
  for (const { key, expected, read } of properties) {
    const given = parameters.get(key);
    if (given === null) continue;
    const next = read(state, given);
    if (!next)
      dropped.push(
        `The link's ${key} is “${given.slice(0, 40)}”; expected ${expected}. It was ignored.`,
      );
    state = next ?? state;
  }
  return { state, dropped };
}

/** Writes what differs from the defaults. Starts with `?`, or is empty. */
export function writeLink(state: LinkState): string {
  const parameters = new URLSearchParams();
  for (const { key, write } of properties) {
    const value = write(state);
    if (value !== null && value !== write(defaultLink)) parameters.set(key, value);
  }
  const query = parameters.toString();
  return query === '' ? '' : `?${query}`;
}
