import { useMemo, useRef, useState } from 'react';
import type { Policy } from '../../core/policy.ts';
import { sense } from '../../core/policy.ts';
import { policyMoved, thresholdForCount } from '../../core/quantile.ts';
import { replay } from '../../core/replay.ts';
import { accuracyAt } from '../../core/trace.ts';
import { hasTruth, rightWords } from '../shared/rightWords.ts';
import { percent, plural } from '../shared/format.ts';
import { useSize } from '../shared/useSize.ts';
import { useTheme } from '../shared/useTheme.ts';
import { CurveDrawing } from './CurveDrawing.tsx';
import { ExitColumns } from './ExitColumns.tsx';
import { ExitsTable } from './ExitsTable.tsx';
import type { SupplementRun } from './read.ts';

/** One run under thresholds that can be moved: the exits, the curve, accuracy and cost, a table. */
export function Replay({ run }: { readonly run: SupplementRun }) {
  useTheme();
  const { trace, curve, rule, costUnit } = run;
  const first: Policy = { rule, thresholds: run.thresholds };
  const [policy, setPolicy] = useState(first);
  const outcome = useMemo(() => replay(trace, policy), [trace, policy]);
  const box = useRef<HTMLElement>(null);
  const { width } = useSize(box);
  const words = rightWords(trace);
  const cost = outcome.meanFlops / trace.networkFlops;
  const plain = accuracyAt(trace, trace.exits.length - 1);
  const letLeave = (exit: number, count: number): void =>
    setPolicy(
      policyMoved(trace, outcome, policy, exit, (arriving) => thresholdForCount(arriving, count)),
    );
  const stand = (stop: number): void => setPolicy({ rule, thresholds: curve[stop]!.thresholds });
  return (
    <main ref={box} className="supplement">
      <h1>{run.title}</h1>
      <p className="panel-help">
        {plural(trace.count, `${trace.split} image`)}. An image leaves where {run.unit}{' '}
        {sense(rule).symbol} T; move a slider, or the point along the curve.
      </p>
      <dl className="numbers">
        <div>
          <dd>{percent(outcome.accuracy, 2)}</dd>
          <dt>
            {words.accuracy}
            {hasTruth(trace) && ` (${words.plain} ${percent(plain, 2)})`}
          </dt>
        </div>
        <div>
          <dd>{cost.toFixed(4)}</dd>
          <dt>of the {costUnit}</dt>
        </div>
      </dl>
      {width > 0 && <ExitColumns {...{ trace, outcome, policy, width }} onMove={letLeave} />}
      <p>
        <button
          type="button"
          className="button small"
          disabled={policy.thresholds.join() === run.thresholds.join()}
          onClick={() => setPolicy(first)}
        >
          Thresholds as they were
        </button>
      </p>
      <CurveDrawing
        {...{ curve, plain, costUnit }}
        at={{ cost, accuracy: outcome.accuracy }}
        tunedOn={run.tunedOn}
        words={words}
        onStand={stand}
      />
      <ExitsTable {...{ trace, outcome, policy, costUnit }} />
      <h2>What the numbers are of</h2>
      <dl className="supplement-facts">
        {run.facts.map(({ name, value }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{/^https?:\/\/\S+$/.test(value) ? <a href={value}>{value}</a> : value}</dd>
          </div>
        ))}
      </dl>
    </main>
  );
}
