/** The URL as a mirror of the state: one table of properties reads and writes it. */
import type { BackendChoice } from '../../engine/protocol.ts';
import { parseHubName } from '../../data/hub/name.ts';
import { PICTURE_OPTIONS } from '../../data/pictures/options.ts';
import { readChoice, writeChoice, type ConfidenceChoice } from '../../core/confidence/choice.ts';
import { MOST_CLASSES, type TraceSplit } from '../../core/trace.ts';
import { optionProperties } from './options.ts';
import { property, type Property } from './property.ts';
import { identifier, integer, list, networkName, oneOf, text } from './values.ts';
import { methodIds } from '../compare/choices.ts';
import { curveIds, type CurveId } from '../scene/curve.ts';
import { OWN } from '../lease/images.ts';
import { isAddress } from '../network/own.ts';
import { pages, type PageChoices } from '../pages.ts';
import {
  backendChoices,
  defaultSettings,
  settingOptions,
  sources,
  type Settings,
} from '../settings.ts';
import {
  orders,
  plainSelection,
  populations,
  verdicts,
  type LinkedSelection,
} from '../scene/selection.ts';
import { defaultView, panelNames, themes, type ViewState } from '../view.ts';
import { readAddresses, readCell, readThresholds, writeThresholds } from './trace-values.ts';

/** Images of the largest trace that can be opened: a file of a billion bytes. */
const MOST_IMAGES = 1e9;

/** Everything that a link carries. */
export interface LinkState extends PageChoices {
  readonly settings: Settings;
  readonly view: ViewState & LinkedSelection;
  /** Addresses of traces that are opened instead of what the settings name; null when there are none. */
  readonly traces: readonly string[] | null;
  /** The confidence by which those are held, made of their scores; null: their own. */
  readonly confidence: ConfidenceChoice | null;
  readonly split: TraceSplit;
  /** Who chooses the thresholds. */
  readonly curve: CurveId;
  /** T of every exit but the last; null when the link leaves them to the sweep. */
  readonly thresholds: readonly number[] | null;
}

export const defaultLink: LinkState = {
  settings: defaultSettings,
  view: { ...defaultView, ...plainSelection },
  traces: null,
  confidence: null,
  split: 'test',
  curve: 'frontier',
  thresholds: null,
  ...pages.reduce((all, { defaults }) => ({ ...all, ...defaults }), {} as PageChoices),
};

const pageIds = pages.map(({ id }) => id);

function setting<Key extends keyof Settings>(
  key: string,
  name: Key,
  expected: string,
  parse: (text: string) => Settings[Key] | undefined,
): Property<LinkState> {
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
): Property<LinkState> {
  return property(
    key,
    expected,
    (state) => state.view[name],
    (state, value) => ({ ...state, view: { ...state.view, [name]: value } }),
    parse,
    print,
  );
}

/** What the pages add, over the whole state. */
const propertiesOfPages = pages.flatMap((page) =>
  page.properties.map(({ read, ...property }): Property<LinkState> => ({
    ...property,
    read: (state, text) => {
      const part = read(state, text);
      return part && { ...state, ...part };
    },
  })),
);

const properties: readonly Property<LinkState>[] = [
  {
    ...property<LinkState, LinkState['traces']>(
      'trace',
      'addresses of at most 16 traces',
      (state) => state.traces,
      (state, traces) => ({ ...state, traces }),
      readAddresses,
      (traces) => traces?.join('\n') ?? null,
    ),
    isRepeated: true,
  },
  property<LinkState, LinkState['confidence']>(
    'held',
    'a confidence of scores',
    (state) => state.confidence,
    (state, confidence) => ({ ...state, confidence }),
    readChoice,
    (choice) => choice && writeChoice(choice),
  ),
  setting('data', 'dataset', 'a dataset id', identifier),
  property<LinkState, string | null>(
    'hub',
    'the name of a dataset on the Hugging Face Hub',
    ({ settings: { dataset, hub } }) => (dataset === OWN ? hub : null),
    (state, hub) => ({ ...state, settings: { ...state.settings, hub, dataset: OWN } }),
    (name) => (parseHubName(name) ? name : undefined),
    text,
  ),
  setting('network', 'network', 'a network id, or the address of one', networkName),
  property<LinkState, string | null>(
    'keep',
    'exits of the network, joined by commas',
    ({ settings: { network, exits } }) => (network !== null && isAddress(network) ? exits : null),
    (state, exits) => ({ ...state, settings: { ...state.settings, exits } }),
    (exits) => (exits.length <= 4000 ? exits : undefined),
    text,
  ),
  setting('method', 'method', list(methodIds), oneOf(methodIds)),
  ...optionProperties<LinkState>(
    settingOptions,
    '',
    ({ settings }) => settings,
    (state, change) => ({ ...state, settings: { ...state.settings, ...change } }),
  ),
  ...optionProperties<LinkState>(
    PICTURE_OPTIONS,
    '',
    ({ settings }) => settings,
    (state, change) => ({ ...state, settings: { ...state.settings, ...change } }),
  ),
  setting('backend', 'backend', list(backendChoices), oneOf<BackendChoice>(backendChoices)),
  setting('from', 'source', list(sources), oneOf(sources)),
  viewing('page', 'page', list(pageIds), oneOf(pageIds), text),
  viewing('theme', 'theme', list(themes), oneOf(themes), text),
  viewing('embed', 'embed', '1', oneOf(['1'] as const), text),
  viewing('panel', 'panel', list(panelNames), oneOf(panelNames), text),
  viewing('image', 'image', 'the index of an image', integer(0, MOST_IMAGES), text),
  viewing('cell', 'cell', 'exit.true.predicted', readCell, (cell) =>
    cell ? `${cell.exit}.${cell.truth}.${cell.predicted}` : null,
  ),
  viewing('class', 'truth', 'the index of a class', integer(0, MOST_CLASSES - 1), text),
  viewing('show', 'verdict', list(verdicts), oneOf(verdicts), text),
  viewing('order', 'order', list(orders), oneOf(orders), text),
  viewing('count', 'population', list(populations), oneOf(populations), text),
  property<LinkState, TraceSplit>(
    'split',
    'train, holdout or test',
    (state) => state.split,
    (state, split) => ({ ...state, split }),
    oneOf(['train', 'holdout', 'test'] as const),
    text,
  ),
  property<LinkState, CurveId>(
    'curve',
    list(curveIds),
    (state) => state.curve,
    (state, curve) => ({ ...state, curve }),
    oneOf(curveIds),
    text,
  ),
  property<LinkState, LinkState['thresholds']>(
    'T',
    'thresholds joined by _',
    (state) => state.thresholds,
    (state, thresholds) => ({ ...state, thresholds }),
    readThresholds,
    (thresholds) => thresholds && writeThresholds(thresholds),
  ),
  ...propertiesOfPages,
];

/** What mail programs and other sites add to a link, to count who follows it. */
const OF_COUNTERS = /^(utm_.*|.*clid|mc_[ce]id|ref)$/;

/**
 * Reads a query string. Values that are not allowed are dropped, each with a sentence; so is what has no meaning here, be it
 * misspelt or of a later version, since a link that means something else than it says would be worse than none.
 */
export function readLink(query: string): { state: LinkState; dropped: string[] } {
  const parameters = new URLSearchParams(query);
  const dropped: string[] = [];
  let state = defaultLink;
  for (const { key, isRepeated, expected, read } of properties) {
    const [first, ...more] = parameters.getAll(key);
    parameters.delete(key);
    if (first === undefined) continue;
    const given = isRepeated ? [first, ...more].join('\n') : first;
    if (more.length > 0 && !isRepeated)
      dropped.push(
        `The link has ${key} ${more.length + 1} times; the first, “${short(first)}”, counts.`,
      );
    const next = read(state, given);
    if (!next)
      dropped.push(`The link's ${key} is “${short(given)}”; expected ${expected}. It was ignored.`);
    state = next ?? state;
  }
  for (const key of new Set(parameters.keys()))
    if (!OF_COUNTERS.test(key))
      dropped.push(
        `The link has “${short(`${key}=${parameters.get(key)}`)}”, which means nothing to this version of the page. It was ` +
          'ignored.',
      );
  return { state, dropped };
}

const short = (text: string): string => text.slice(0, 40);

/** Writes what differs from the defaults. Starts with `?`, or is empty. */
export function writeLink(state: LinkState): string {
  const parameters = new URLSearchParams();
  for (const { key, isRepeated, write } of properties) {
    const value = write(state);
    if (value === null || value === write(defaultLink)) continue;
    for (const one of isRepeated ? value.split('\n') : [value]) parameters.append(key, one);
  }
  const query = parameters.toString();
  return query === '' ? '' : `?${query}`;
}
