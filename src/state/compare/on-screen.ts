/** Who is drawn on Compare, from what is chosen there and what there is. */
import type { RunIndex } from '../../core/run-index.ts';
import type { CatalogueNetwork } from '../../network/catalogue.ts';
import { recordedFacts, runFacts, type Fact, type Viewed } from '../provenance/facts.ts';
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

/** What the members of racers are, each under its racer's place. */
function racersFacts(racers: readonly Racer[]): Fact[] {
  return racers.flatMap(({ members }, n) =>
    members.flatMap(({ from, testImages }, m) => {
      const facts =
        from.kind === 'recorded'
          ? recordedFacts([from.run])
          : [
              ...runFacts(from.test),
              { name: 'split', value: `test, ${testImages} images` },
              {
                name: 'made',
                value: `${from.kind === 'live' ? 'raced live in this page' : 'opened'}, commit ${from.test.provenance.commit}`,
              },
            ];
      const place = members.length > 1 ? `${n + 1}.${m + 1}` : `${n + 1}`;
      return [{ name: `curve ${place}`, value: facts.map(said).join('; ') }];
    }),
  );
}

const said = ({ name, value }: Fact): string => `${name} ${value}`;

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
      ...racersFacts(racers),
    ],
    methods: [...new Set(racers.map(({ method }) => method))],
    datasets: [settings.dataset],
  };
}
