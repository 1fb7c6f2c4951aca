import { engine } from '../../state/lease/engine.ts';
import { useEffect, useMemo, useRef } from 'react';
import { useCompare } from '../../state/compare/choices.ts';
import { useOpenedRacers } from '../../state/compare/opened.ts';
import { courseKey, drawAnew, useRace } from '../../state/compare/store.ts';
import { gridCsv, gridOf, learntFrom, recordedBudgets } from '../../state/compare/racers.ts';
import { titleOf } from '../../state/lease/images.ts';
import { networkOn, racersOf, viewedRacers } from '../../state/compare/on-screen.ts';
import { chosenVariant } from '../../state/compare/variants.ts';
import { loadAllRuns, useRuns } from '../../state/lease/runs.ts';
import { whyOf } from '../../state/why.ts';
import { useShallow } from 'zustand/react/shallow';
import { useSettings } from '../../state/settings.ts';
import { METHODS, type MethodId } from '../../methods/registry.ts';
import { plural } from '../shared/format.ts';
import { variantName } from '../shared/methods.ts';
import { Panel } from '../shared/Panel.tsx';
import { useShown } from '../shared/scene.ts';
import { useOwn } from '../../state/network/own.ts';
import './compare.css';
import { CompareChart } from './CompareChart.tsx';
import { CompareTable } from './CompareTable.tsx';
import { DisagreePanel } from './DisagreePanel.tsx';
import { nameOf } from './racer.ts';
import { OpenedTraces } from './OpenedTraces.tsx';
import { RaceControls } from './RaceControls.tsx';

/** Methods side by side: the curves of what was recorded and of what raced here. */
export function ComparePage() {
  const dataset = useSettings((state) => state.dataset);
  const named = useSettings((state) => state.network);
  const epochs = useSettings((state) => state.epochs);
  const methods = useCompare((state) => state.methods);
  const search = useCompare((state) => state.search);
  const countedIn = useShown((state) => state.costs?.unit ?? null);
  const pinned = useCompare((state) => state.pinned);
  const live = useRace((state) => state.live);
  const opened = useOpenedRacers((state) => state.racers);
  const index = useRuns((state) => state.index);
  const problem = useRuns((state) => state.problem);
  useEffect(() => void loadAllRuns(), []);
  useEffect(() => engine.fetchAhead(methods), [methods]);
  useOwn((own) => own.networks);
  const network = networkOn({ dataset, network: named });
  const course = courseKey(dataset, network?.id ?? '', epochs);
  const variant = useSettings(useShallow(chosenVariant));
  const racers = useMemo(
    () =>
      racersOf({
        ...{ dataset, network, epochs, variant, index, live, opened },
        choices: { methods, search },
      }),
    [index, live, opened, dataset, network, variant, epochs, search, methods],
  );
  // What finishes later may have been searched by what was chosen before.
  useEffect(() => void drawAnew(course, search, variant), [course, search, variant, live]);
  const grid = useMemo(() => gridOf(racers), [racers]);
  const chart = useRef<HTMLElement>(null);
  const wordsOf = (id: MethodId): string => {
    const at = { dataset, network: network?.id ?? '', variant };
    const known = index ? recordedBudgets(index, at, id) : [];
    const name = variantName(id, variant);
    const rule = name ? `, ${name}` : '';
    const only = known.length > 0 ? ` (but for ${known.join(', ')})` : '';
    return `${METHODS[id].name}${rule}${only}`;
  };
  const isShorter = racers.some(
    (racer) => !racer.opened && racer.epochs !== null && racer.epochs < epochs,
  );
  const missing = methods.filter(
    (id) => !racers.some(({ method, opened: is }) => !is && method === id),
  );
  const drawn = new Set(racers.flatMap(({ method, opened: is }) => (is ? [] : method)));
  const ours = [...drawn].flatMap((method) => whyOf(method)?.ours ?? []);
  return (
    <div className="compare-page">
      <header className="compare-head">
        <h1>
          Methods on {titleOf(dataset)}
          {network && `, ${network.title}`}
        </h1>
        <p className="panel-help">
          {learntFrom(racers)} Thresholds are found on training images and drawn on test. Cost
          counts the FLOPs of everything that an image visits: the network, distances, classifiers
          {countedIn && `; Explore counts in ${countedIn}, Compare does not`}. Methods that train
          get {plural(epochs, 'epoch')}
          {isShorter && '; a network that is trained from scratch the most that was recorded'}.
        </p>
      </header>
      {problem && racers.length > 0 && <p role="alert">{problem}</p>}
      <RaceControls course={course} />
      {racers.length === 0 ? (
        <p className="compare-empty">
          {problem ??
            `Nothing is recorded here for these images, this network and ${plural(epochs, 'epoch')}. Race the methods to see them.`}
        </p>
      ) : (
        <>
          <Panel
            title="Accuracy on test against relative FLOPs"
            why="compare"
            files={{
              figure: chart,
              stem: 'offramp.compare',
              csv: () => gridCsv(racers, racers.map(nameOf), grid),
              of: () => viewedRacers().facts,
            }}
          >
            <CompareChart ref={chart} racers={racers} grid={grid} pinned={pinned} />
          </Panel>
          <Panel
            title="At a budget"
            why="budget"
            note="accuracy on test, and what fitting cost"
            help="Forward and backward: FLOPs of every pass over the training images that fitting takes. E2CM takes two and no gradients."
          >
            <CompareTable
              racers={racers}
              dataset={dataset}
              network={network?.id ?? ''}
              epochs={epochs}
              pinned={pinned}
            />
            {ours.map((words) => (
              <p key={words} className="panel-help">
                {words}
              </p>
            ))}
          </Panel>
          <DisagreePanel racers={racers} />
        </>
      )}
      <OpenedTraces />
      {racers.length > 0 && missing.length > 0 && (
        <p className="panel-help">
          Not recorded for {plural(epochs, 'epoch')} on this network, and not raced here yet:{' '}
          {missing.map(wordsOf).join('; ')}.
        </p>
      )}
    </div>
  );
}
