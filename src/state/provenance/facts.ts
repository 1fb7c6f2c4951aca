/** What numbers are of, as names and values: for whoever cites a view, and for the files that leave the page. */
import { costUnit } from '../../core/costs.ts';
import type { RecordedRun } from '../../core/run-index.ts';
import type { Provenance, Trace } from '../../core/trace.ts';
import { grouped } from '../../data/errors.ts';
import { isMethodId, METHODS } from '../../methods/registry.ts';
import { commit } from '../commit.ts';
import { titleOf } from '../lease/images.ts';
import type { PolicySource } from '../scene/derive.ts';
import type { Scene } from '../scene/scene.ts';
import { permalink } from './permalink.ts';

export interface Fact {
  /** "images", "method", "address". */
  readonly name: string;
  readonly value: string;
}

const plural = (n: number, noun: string): string => `${grouped(n)} ${noun}${n === 1 ? '' : 's'}`;

/** The day of today: "2026-11-29". */
export const today = (): string => new Date().toISOString().slice(0, 'yyyy-mm-dd'.length);

/** Where the page is, of which build it is, and today. */
export const pageFacts = (): Fact[] => [
  { name: 'address', value: permalink() },
  { name: 'commit of the page', value: commit },
  { name: 'taken', value: today() },
];

/** What a run is, whether its trace is here or only its line in the index. */
type RunHead = Pick<Trace, 'dataset' | 'network' | 'method' | 'provenance'>;

/** Images, network, method with its options: what a run was made of. */
export function runFacts({ dataset, network, method, provenance }: RunHead): Fact[] {
  const options = Object.entries(provenance.options).map(([name, value]) => `${name} ${value}`);
  return [
    { name: 'images', value: titleOf(dataset) },
    { name: 'network', value: network },
    { name: 'method', value: isMethodId(method) ? METHODS[method].name : method },
    ...(options.length > 0 ? [{ name: 'options', value: options.join(', ') }] : []),
    ...(provenance.trainImages > 0
      ? [{ name: 'learnt from', value: plural(provenance.trainImages, 'training image') }]
      : []),
    ...(provenance.seed === null ? [] : [{ name: 'seed of images', value: `${provenance.seed}` }]),
  ];
}

/** "recorded on 2026-11-29, commit 0880f8afff27"; without a day where none was written down. */
const recordedWords = ({ commit, day }: Provenance): string =>
  `recorded${day ? ` on ${day}` : ''}, commit ${commit}`;

/** Recorded runs, each with what it was made of and on how many images of a split it is measured. */
export const recordedFacts = (
  runs: readonly RecordedRun[],
  split: 'train' | 'test' = 'test',
): Fact[] =>
  runs.flatMap((run, n) =>
    [
      ...runFacts(run),
      { name: 'split', value: `${split}, ${plural(run[split].count, 'image')}` },
      { name: 'made', value: recordedWords(run.provenance) },
    ].map(({ name, value }) => ({ name: runs.length > 1 ? `${name} (${n + 1})` : name, value })),
  );

/** What a view shows: of what its numbers are, and whose methods and images they come from. */
export interface Viewed {
  readonly facts: readonly Fact[];
  /** Ids, each once. */
  readonly methods: readonly string[];
  readonly datasets: readonly string[];
}

/** What a page without runs of its own shows: its scene. */
export function viewedScene(scene: Scene): Viewed {
  const { trace } = scene.shown.getState();
  return {
    facts: sceneFacts(scene),
    ...{ methods: trace ? [trace.method] : [], datasets: trace ? [trace.dataset] : [] },
  };
}

const SET_BY: Readonly<Record<PolicySource, string>> = {
  provisional: 'a first guess',
  default: 'the search',
  person: 'hand',
  link: 'the link',
  file: 'a file',
  target: 'a target',
  certified: 'risk control',
};

/** What is on screen of a scene; without a trace nothing. */
export function sceneFacts({ shown, run }: Scene): Fact[] {
  const { trace, policy, outcome, source, chosen } = shown.getState();
  if (!trace) return [];
  const { recorded, opened, card } = run.getState();
  const { provenance, split, count, total, networkFlops } = trace;
  const traced = count < total ? ` of ${grouped(total)}, so far` : '';
  const from = opened?.runs[opened.at]?.files.join(', ');
  const made = recorded
    ? `${recordedWords(provenance)}, ${provenance.backend}`
    : opened
      ? `opened from ${from}: commit ${provenance.commit}, ${provenance.backend}`
      : `computed live in this page, ${provenance.backend}`;
  return [
    ...runFacts(trace).map((fact) =>
      fact.name === 'network' && card ? { ...fact, value: `${card.title} (${fact.value})` } : fact,
    ),
    { name: 'split', value: `${split}, ${plural(count, 'image')}${traced}` },
    { name: 'made', value: made },
    ...(policy && outcome
      ? [
          { name: 'thresholds', value: policy.thresholds.join(' ') },
          { name: 'thresholds set by', value: `${SET_BY[source]}; curve ${chosen}` },
          { name: 'accuracy', value: outcome.accuracy.toFixed(4) },
          {
            name: 'relative cost',
            value: `${(outcome.meanFlops / networkFlops).toFixed(4)} of the ${costUnit(trace)}`,
          },
        ]
      : []),
  ];
}

/** One "name: value" a line. */
export const inLines = (facts: readonly Fact[]): string =>
  facts.map(({ name, value }) => `${name}: ${value}`).join('\n');
