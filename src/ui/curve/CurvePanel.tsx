import { useCallback, useEffect } from 'react';
import { accuracyAt } from '../../core/trace.ts';
import { activeCurve } from '../../state/scene/derive.ts';
import { dragTo, measureTuning } from '../../state/scene/shown.ts';
import { costWords } from '../shared/costWords.ts';
import { percent, plural } from '../shared/format.ts';
import { later } from '../shared/later.tsx';
import { methodWords } from '../shared/methods.ts';
import { OnDemand } from '../shared/OnDemand.tsx';
import { Panel } from '../shared/Panel.tsx';
import { hasTruth, rightWords } from '../shared/rightWords.ts';
import { ClassLoss } from './ClassLoss.tsx';
import { CurveChoice } from './CurveChoice.tsx';
import { CurveChart, CurveFigure } from './CurveFigure.tsx';
import { StopSlider } from './StopSlider.tsx';
import { TargetForm } from './TargetForm.tsx';
import { useRun, useScene, useShown } from '../shared/scene.ts';
import { useTurn } from '../shared/useTurn.ts';
import './curve.css';

interface CurvePanelProps {
  /** Opens what the policy does to each class, where that stands on the page. */
  readonly openClasses?: () => void;
}

/** Accuracy against cost: the swept curve, the plain network, and the policy on screen as a point to drag. */
export function CurvePanel({ openClasses }: CurvePanelProps) {
  const trace = useShown((state) => state.trace);
  const curves = useShown((state) => state.curves);
  const chosen = useShown((state) => state.chosen);
  const outcome = useShown((state) => state.outcome);
  const tuningOutcome = useShown((state) => state.tuningOutcome);
  const holdout = useShown((state) => state.holdout);
  const opened = useRun((state) => state.opened);
  const scene = useScene();
  const onDrag = useCallback((cost: number) => dragTo(scene, cost), [scene]);
  const onRest = useCallback(() => measureTuning(scene), [scene]);
  useEffect(() => CurveChart.prepare(), []);
  const isMyTurn = useTurn(trace !== null && outcome !== null);
  if (!trace || !outcome || !isMyTurn) {
    return (
      <Panel title="Accuracy and cost" why="curve">
        <p className="panel-help curve-empty">
          {scene.id === 'clusters'
            ? 'The curve is swept once the three exits are trained.'
            : 'The curve is swept once the training images have been traced.'}
        </p>
      </Panel>
    );
  }
  const words = methodWords(trace.method);
  const right = rightWords(trace);
  const spent = costWords(trace);
  const [tunedOn, why] = opened?.isHalved
    ? ['the other half', 'they were chosen on those images']
    : holdout
      ? ['the held-out images', words.heldOut]
      : ['train', words.flattered];
  const cost = outcome.meanFlops / trace.networkFlops;
  const plain = accuracyAt(trace, trace.exits.length - 1);
  const partial =
    trace.count < trace.total
      ? `, ${plural(trace.count, 'image')} so far`
      : `, ${plural(trace.count, 'image')}`;
  return (
    <Panel
      title="Accuracy and cost"
      why="curve"
      note={
        <>
          <span>
            {trace.split}
            {partial} · {spent.unit} relative to {right.thePlain}
          </span>
          {spent.source && <span>{spent.source}</span>}
        </>
      }
    >
      <CurveFigure
        trace={trace}
        curves={curves}
        chosen={activeCurve({ curves, chosen })?.id ?? chosen}
        onDrag={onDrag}
        onRest={onRest}
      />
      {opened && <Tuning />}
      <CurveChoice />
      <StopSlider cost={cost} accuracy={outcome.accuracy} words={right} />
      <dl className="numbers">
        <div>
          <dd>{percent(outcome.accuracy)}</dd>
          <dt>
            {right.accuracy} on {trace.split}
            {hasTruth(trace) && ` (${right.plain} ${percent(plain)})`}
          </dt>
        </div>
        <div>
          <dd>{cost.toFixed(2)}</dd>
          <dt>{spent.of}</dt>
        </div>
        <div>
          <dd>{(1 / cost).toFixed(1)}×</dd>
          <dt>{spent.saved}</dt>
        </div>
      </dl>
      <ClassLoss openClasses={openClasses} />
      {tuningOutcome && trace.split === 'test' && (
        <p className="panel-help">
          On {tunedOn} the same thresholds give {percent(tuningOutcome.accuracy)} at{' '}
          {tuningOutcome.cost.toFixed(2)} {spent.of}: {why}.
        </p>
      )}
      <TargetForm />
      <OnDemand
        className="risk"
        title="Risk control: a promise instead of a curve"
        Body={RiskForm}
      />
      <OnDemand
        className="risk"
        title="Count in milliseconds, joules or numbers of your own"
        Body={CostForm}
      />
    </Panel>
  );
}

const RiskForm = later<object>(150, () => import('./RiskForm.tsx').then((one) => one.RiskForm));

const Tuning = later<object>(
  0,
  () => import('../traces/Tuning.tsx').then((one) => one.Tuning),
  'How an opened trace is tuned',
);
const CostForm = later<object>(300, () => import('./CostForm.tsx').then((one) => one.CostForm));
