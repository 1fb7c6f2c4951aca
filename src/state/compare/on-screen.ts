/** Who is drawn on Compare, from what is chosen there and what there is. */
import type { RunIndex } from '../../core/run-index.ts';
import type { Provenance } from '../../core/trace.ts';
import type { CatalogueNetwork } from '../../network/catalogue.ts';
import { runFacts, type Fact, type Viewed } from '../provenance/facts.ts';
import { networksAtHand } from '../scene/networks.ts';
import { titleOf } from '../lease/images.ts';
import { useRuns } from '../lease/runs.ts';
import { useSettings, type Settings } from '../settings.ts';
import { useCompare, type CompareChoices } from './choices.ts';
import { useOpenedRacers } from './opened.ts';
import { recordedRacers, type Racer } from './racers.ts';
import { courseKey, useRace, type RaceState } from './store.ts';
import { chosenVariant, isOfVariant } from './variants.ts';

/** The network that runs on some images: the named one, or the first that fits. */
export function networkOn({
  dataset,
  network,
}: Pick<Settings, 'dataset' | 'network'>): CatalogueNetwork | undefined {
  const candidates = networksAtHand(dataset);
  return candidates.find(({ id }) => id === network) ?? candidates[0];
}

interface Given {
  readonly dataset: string;
  readonly network: CatalogueNetwork | undefined;
  readonly epochs: number;
  readonly variant: ReturnType<typeof chosenVariant>;
  readonly choices: Pick<CompareChoices, 'methods' | 'search'>;
  readonly index: RunIndex | null;
  readonly live: RaceState['live'];
  readonly opened: readonly Racer[];
}

/** Recorded runs and raced ones of the chosen methods, and the opened traces. */
export function racersOf(given: Given): Racer[] {
  const { dataset, network, epochs, variant, index, live, opened } = given;
  const { methods, search } = given.choices;
  if (!network) return [];
  const recorded = index
    ? recordedRacers(index, { dataset, network: network.id, epochs, variant, search })
    : [];
  const here = (live[courseKey(dataset, network.id, epochs)] ?? []).filter((racer) =>
    isOfVariant(racer.variant, variant),
  );
  return [
    ...[...recorded, ...here].filter(({ method }) => methods.some((id) => id === method)),
    ...opened,
  ].filter((racer) => racer.search === search);
}

/** What the curve of a racer is of: its runs have all in common but their seeds. */
function racerFact({ members, kind }: Racer, n: number): Fact {
  const [first] = members;
  const distinct = (values: readonly (string | number | null)[]): string =>
    [...new Set(values)].filter((value) => value !== null).join(', ');
  const heads = members.map(({ from }) => (from.kind === 'recorded' ? from.run : from.test));
  const seeds = distinct(members.map(({ seed }) => seed));
  const said = heads
    .slice(0, 1)
    .flatMap((head) => runFacts({ ...head, provenance: withoutSeed(head.provenance) }))
    .filter(({ name }) => name !== 'images' && name !== 'network')
    .map(({ name, value }) => (name === 'method' ? value : `${name} ${value}`));
  const parts = [
    ...said,
    seeds && `seeds ${seeds}`,
    first && `test, ${first.testImages} images`,
    `${kind === 'live' ? 'raced live in this page' : kind}, commit ${distinct(heads.map(({ provenance }) => provenance.commit))}`,
  ];
  return { name: `curve ${n + 1}`, value: parts.filter(Boolean).join('; ') };
}

/** Seeds are said of all runs together. */
const withoutSeed = (provenance: Provenance): Provenance => ({
  ...provenance,
  options: Object.fromEntries(
    Object.entries(provenance.options).filter(([name]) => name !== 'seed'),
  ),
});

/** What the page shows, for whoever cites it. */
export function viewedRacers(): Viewed {
  const settings = useSettings.getState();
  const choices = useCompare.getState();
  const network = networkOn(settings);
  const racers = racersOf({
    ...{ dataset: settings.dataset, epochs: settings.epochs, network, choices },
    variant: chosenVariant(settings),
    index: useRuns.getState().index,
    live: useRace.getState().live,
    opened: useOpenedRacers.getState().racers,
  });
  return {
    facts: [
      { name: 'images', value: titleOf(settings.dataset) },
      ...(network ? [{ name: 'network', value: `${network.title} (${network.id})` }] : []),
      { name: 'thresholds set by', value: `search ${choices.search}, on training images` },
      { name: 'compared at', value: `${choices.pinned} of the FLOPs` },
      ...racers.map(racerFact),
    ],
    methods: [...new Set(racers.map(({ method }) => method))],
    datasets: [settings.dataset],
  };
}
