import { useCallback, useMemo, useRef, useState } from 'react';
import { meanByExit } from '../../core/arrange.ts';
import type { Population } from '../../core/confusion.ts';
import { pairingOf } from '../../core/pairing.ts';
import { cellOf, sense, thresholdsOf, type Policy } from '../../core/policy.ts';
import { arrivingCounts } from '../../core/quantile.ts';
import type { Outcome } from '../../core/replay.ts';
import type { Trace, TraceSplit } from '../../core/trace.ts';
import { METHODS } from '../../methods/registry.ts';
import { activeCurve, type Shown } from '../../state/scene/derive.ts';
import { measureTuning, resetPolicy, setOneThreshold, showSplit } from '../../state/scene/shown.ts';
import { countIn } from '../../state/scene/selection.ts';
import { ExitMap } from '../map/ExitMap.tsx';
import { LeavingTable } from '../map/LeavingTable.tsx';
import { MapControls } from '../map/MapControls.tsx';
import { useArrangement, useDifficulty } from '../map/useArrangement.ts';
import { useColumns } from '../map/useColumns.ts';
import { percent, plural } from '../shared/format.ts';
import { judgeNames, methodWords, unitHeld } from '../shared/methods.ts';
import { Panel } from '../shared/Panel.tsx';
import { rightWords } from '../shared/rightWords.ts';
import { useGradually } from '../shared/useGradually.ts';
import { useRested } from '../shared/useRested.ts';
import { useSize } from '../shared/useSize.ts';
import { useTurn } from '../shared/useTurn.ts';
import { useWhy } from '../shared/useWhy.tsx';
import { ExitHead } from './ExitHead.tsx';
import { Road } from './Road.tsx';
import { TypedThreshold } from './TypedThreshold.tsx';
import { ThresholdSlider } from './ThresholdSlider.tsx';
import { useScene, useRun, useShown, useSelection } from '../shared/scene.ts';
import { later } from '../shared/later.tsx';
import type { CellThresholdsProps } from './CellThresholds.tsx';
import './rail.css';

/** Comes with the first policy that has several thresholds an exit. */
const CellThresholds = later<CellThresholdsProps>(
  0,
  () => import('./CellThresholds.tsx').then((module) => module.CellThresholds),
  'The thresholds of an exit',
);

/** Narrowest column of an exit, in sizes of the reader's type; more exits than fit make the panel scroll sideways. */
const NARROWEST = 6.46;
/** Side of a matrix; few exits leave room for larger ones. */
const SIDE = 76;
const ROOMY = 200;
const LARGE_SIDE = 140;

const sources: Readonly<Record<Shown['source'], string>> = {
  provisional: 'every exit lets 15 % go until the curve is swept',
  default: 'thresholds chosen by the search',
  person: 'thresholds set by hand',
  link: 'thresholds from the link',
  file: 'thresholds from the file',
  target: 'thresholds set for a target',
  certified: 'thresholds certified by risk control',
};

/** The network from input to classifier: one exit is one column, from its confusion matrix to its images. */
export function Exits() {
  const trace = useShown((state) => state.trace);
  const outcome = useShown((state) => state.outcome);
  const policy = useShown((state) => state.policy);
  const source = useShown((state) => state.source);
  const chosen = useShown((state) => state.chosen);
  const curve = useShown(activeCurve);
  const population = useSelection((state) => state.population);
  const scene = useScene();
  const difficulty = useDifficulty();
  const isMapsTurn = useTurn(trace !== null && outcome !== null && policy !== null);
  const [opened, setOpened] = useState<number | null>(null);
  const close = useCallback(() => setOpened(null), []);
  const box = useRef<HTMLDivElement>(null);
  const { width, type } = useSize(box);

  const exits = trace?.exits.length ?? 10;
  const column = Math.max(Math.round(NARROWEST * type), Math.floor(width / exits));
  const meanDifficulty = useMemo(
    () => (outcome && difficulty ? meanByExit(outcome, difficulty) : null),
    [outcome, difficulty],
  );

  if (!trace || !outcome || !policy) {
    return (
      <div ref={box} className="exits">
        <Panel title="What each exit knows" why="exits">
          <EmptyWords />
        </Panel>
      </div>
    );
  }
  const cell = cellOf(policy.thresholds, trace) ?? 'exit';
  const judges = cell === 'judge' ? judgeNames(trace) : null;

  return (
    <div ref={box} className="exits">
      <Panel
        title={`What ${methodWords(trace.method).labeller} knows at each exit`}
        why="exits"
        note={<RailNote trace={trace} population={population} />}
        className="rail"
      >
        <div className="columns-box">
          <div
            className="columns"
            style={{ width: column * exits, gridTemplateColumns: `repeat(${exits}, ${column}px)` }}
          >
            <Columns
              trace={trace}
              outcome={outcome}
              policy={policy}
              population={population}
              column={column}
              onOpen={setOpened}
            />
            <div className="policy-row">
              <span>
                {sources[source]} · an image leaves where {unitHeld(chosen, trace)}{' '}
                {sense(policy.rule).symbol} T
                {judges &&
                  `${pairingOf(trace) === 'or' ? ', or' : ' and'} that of the ${judges[1]} ${sense(policy.rule).symbol} a T of its own`}
                {cell === 'label' &&
                  ', one T where the class means name the same class, one where not'}{' '}
                · the road is as wide as the share of images still driving
              </span>
              <TypedThreshold
                words="one T for all exits"
                label="one T for all exits: type it"
                rule={policy.rule}
                onSet={(value) => {
                  setOneThreshold(scene, value);
                  measureTuning(scene);
                }}
              />
              {source !== 'default' && curve && (
                <button type="button" className="link" onClick={() => resetPolicy(scene)}>
                  reset thresholds
                </button>
              )}
            </div>
            {isMapsTurn && <Leaving trace={trace} outcome={outcome} column={column} />}
          </div>
        </div>
      </Panel>
      {isMapsTurn && <LeavingTable trace={trace} outcome={outcome} difficulty={meanDifficulty} />}
      {cell !== 'exit' && <CellThresholds exit={opened} onClose={close} />}
    </div>
  );
}

interface LeavingProps {
  readonly trace: Trace;
  readonly outcome: Outcome;
  /** Width of one exit's column, CSS pixels. */
  readonly column: number;
}

/** The map under the columns, with its controls. */
function Leaving({ trace, outcome, column }: LeavingProps) {
  const dataset = useRun((session) => session.dataset);
  const arrangement = useArrangement();
  const difficulty = useDifficulty();
  const asked = useWhy('map', 'Where each image leaves');
  if (!arrangement) return null;
  return (
    <>
      <header className="map-head panel-head">
        <h2>Where each image leaves</h2>
        {asked.button}
        <div className="panel-note">
          <MapControls
            trace={trace}
            shown={arrangement.images.length}
            knowsDifficulty={difficulty !== null}
          />
        </div>
      </header>
      {asked.words && <div className="map-why">{asked.words}</div>}
      <div className="map-row">
        <ExitMap
          trace={trace}
          outcome={outcome}
          arrangement={arrangement}
          dataset={dataset}
          column={column}
        />
      </div>
    </>
  );
}

interface ColumnsProps {
  readonly trace: Trace;
  readonly outcome: Outcome;
  readonly policy: Policy;
  readonly population: Population;
  /** Width of one exit's column, CSS pixels. */
  readonly column: number;
  /** Shows an exit's thresholds one by one, where it has several. */
  readonly onOpen: (exit: number) => void;
}

/** What a column shows of a policy and what it does. */
interface Column {
  readonly outcome: Outcome;
  readonly arriving: number;
  readonly leaving: number;
  /** The least and the greatest of its thresholds; none at the last exit. */
  readonly thresholds: readonly [least: number, greatest: number] | null;
}

function columnsOf(trace: Trace, outcome: Outcome, policy: Policy): readonly Column[] {
  return arrivingCounts(outcome).map((arriving, j) => {
    const own = thresholdsOf(policy, trace, j);
    return {
      ...{ outcome, arriving, leaving: outcome.leaving[j]! },
      thresholds: own.length > 0 ? [Math.min(...own), Math.max(...own)] : null,
    };
  });
}

/**
 * Of every exit its head, who arrives, the road and the threshold: those to scroll to come a little later, and follow a drag
 * once it rests.
 */
function Columns({ trace, outcome, policy, population, column, onOpen }: ColumnsProps) {
  const cell = cellOf(policy.thresholds, trace) ?? 'exit';
  const exits = trace.exits.length;
  const row = useRef<HTMLDivElement>(null);
  const seen = useColumns(row, column, exits);
  const drawn = useGradually(exits, trace.count);
  const now = useMemo(
    () => ({ trace, cell, columns: columnsOf(trace, outcome, policy) }),
    [trace, cell, outcome, policy],
  );
  const before = useRested(now);
  const rested = before.trace === trace && before.cell === cell ? before : now;
  const isSeen = (j: number): boolean => j >= seen.from && j < seen.to;
  const all = now.columns.slice(0, drawn).map((one, j) => (isSeen(j) ? one : rested.columns[j]!));
  const later = drawn < exits && (
    <div style={{ gridColumn: `span ${exits - drawn}` }} aria-hidden="true" />
  );
  return (
    <>
      {all.map((one, j) => (
        <ExitHead
          key={j}
          trace={trace}
          exit={j}
          population={population}
          outcome={population === 'all' ? null : one.outcome}
          side={column < ROOMY ? SIDE : LARGE_SIDE}
          isSeen={isSeen(j)}
        />
      ))}
      {later}
      {all.map(({ arriving }, j) => (
        <div key={j} className="arriving" title="Images still driving when they reach this exit">
          {percent(arriving / trace.count, 0)}
        </div>
      ))}
      {later}
      <div ref={row} className="road-row">
        <Road outcome={outcome} column={column} from={seen.from} to={seen.to} />
      </div>
      {all.map(({ arriving, leaving, thresholds }, j) =>
        thresholds ? (
          <ThresholdSlider
            key={j}
            exit={j}
            exits={exits}
            name={trace.exits[j]!.name}
            arriving={arriving}
            leaving={leaving}
            threshold={thresholds[0]}
            rule={policy.rule}
            isSeen={isSeen(j)}
            {...(cell !== 'exit' && {
              upTo: thresholds[1],
              by: cell,
              onOpen: () => onOpen(j),
            })}
          />
        ) : (
          <div key={j} className="threshold last">
            everyone left
          </div>
        ),
      )}
      {later}
    </>
  );
}

/** What comes first, while there is nothing to see. */
function EmptyWords() {
  const status = useRun((state) => state.status);
  const dataset = useRun((state) => state.dataset);
  const computes = useRun((state) => state.computes);
  const { id } = useScene();
  if (id === 'clusters')
    return (
      <p className="exits-empty">
        Three exits come here as soon as their encoders are trained: which cluster each puts an
        image in, and who leaves where.
      </p>
    );
  return (
    <p className="exits-empty">
      {status === 'running' && computes && dataset
        ? `${METHODS[computes.method].words.first} first: ` +
          `one pass over ${plural(computes.trainImages || dataset.train.count, 'training image')}. ` +
          'Fewer of them, under Options, give a look sooner.'
        : 'Confusion matrices appear here as soon as the first images have gone through the network.'}
    </p>
  );
}

interface RailNoteProps {
  readonly trace: NonNullable<Shown['trace']>;
  readonly population: Population;
}

function RailNote({ trace, population }: RailNoteProps) {
  const scene = useScene();
  const train = useShown((state) => state.train);
  const test = useShown((state) => state.test);
  const holdout = useShown((state) => state.holdout);
  const opened = useRun((state) => state.opened);
  const partial = trace.count < trace.total ? ` of ${plural(trace.total, 'image')}, so far` : '';
  return (
    <>
      <span>{rightWords(trace).axes}</span>
      <label className="field small">
        split
        <select
          value={trace.split}
          onChange={(event) => showSplit(scene, event.target.value as TraceSplit)}
        >
          <option value="test" disabled={!test}>
            test
          </option>
          <option value="train" disabled={!train}>
            train
          </option>
          {holdout && (
            <option value="holdout">held out of {opened?.isHalved ? 'test' : 'train'}</option>
          )}
        </select>
      </label>
      <span>
        {plural(trace.count, partial ? '' : 'image', partial ? '' : 'images')}
        {partial}
      </span>
      <label className="field small">
        count
        <select
          value={population}
          onChange={(event) => countIn(scene, event.target.value as Population)}
        >
          <option value="all">all images</option>
          <option value="arriving">those that arrive</option>
          <option value="leaving">those that leave</option>
        </select>
      </label>
    </>
  );
}
