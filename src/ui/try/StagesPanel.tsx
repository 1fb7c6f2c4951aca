import type { CSSProperties } from 'react';
import { holdings, saidAt } from '../../core/leaving.ts';
import { isBusy } from '../../state/scene/run.ts';
import { useTry, type Tried } from '../../state/try/store.ts';
import { StopSlider } from '../curve/StopSlider.tsx';
import { DistanceFigure } from '../image/DistanceFigure.tsx';
import { Formulas } from '../image/Formulas.tsx';
import { LearnHere } from '../image/LearnHere.tsx';
import { depthColour } from '../shared/colours.ts';
import { confidence as digits, percent, plural, threshold } from '../shared/format.ts';
import { Held } from '../shared/Held.tsx';
import { costWords } from '../shared/costWords.ts';
import { Panel } from '../shared/Panel.tsx';
import { rightWords } from '../shared/rightWords.ts';
import { useRun, useShown } from '../shared/scene.ts';
import { milliseconds } from './words.ts';

/** The network stage by stage: what was run for this image, what each exit said, and what was never computed. */
export function StagesPanel() {
  const tried = useTry((state) => state.tried);
  const status = useTry((state) => state.status);
  return (
    <Panel
      title="Stage by stage"
      why="stages"
      help="The worker runs one stage, asks the exit there, and stops where it lets the image go: later stages are never run."
      note={
        <span role="status">
          {status === 'driving' ? 'Driving …' : tried && `Left at ${exitName(tried)}`}
        </span>
      }
    >
      <Operating />
      {tried ? <Driven key={keyOf(tried)} tried={tried} /> : <Missing />}
    </Panel>
  );
}

const exitName = ({ trace, staged }: Tried): string => trace.exits[staged.exitOf[0]!]!.name;
/** The stages light up anew for another image or other thresholds. */
const keyOf = ({ pixels, policy }: Tried): string =>
  `${pixels.join('')} ${policy.thresholds.join()}`;

/** The thresholds are Explore's; here they move along its curve. */
function Operating() {
  const trace = useShown((state) => state.trace);
  const outcome = useShown((state) => state.outcome);
  if (!trace || !outcome) return null;
  const cost = outcome.meanFlops / trace.networkFlops;
  return (
    <div className="try-policy">
      <StopSlider cost={cost} accuracy={outcome.accuracy} words={rightWords(trace)} />
      <p className="panel-help">
        Explore’s thresholds, moved along its curve: {cost.toFixed(2)} {costWords(trace).of} and{' '}
        {percent(outcome.accuracy)} right on {trace.split}. What is set here is set there.
      </p>
    </div>
  );
}

/** Why nothing was driven, and what to do about it. */
function Missing() {
  const problem = useTry((state) => state.problem);
  const trace = useShown((state) => state.trace);
  const recorded = useRun((state) => state.recorded);
  const opened = useRun((state) => state.opened);
  const relearnt = useRun((state) => state.relearnt);
  const busy = useRun(isBusy);
  if (problem) return <p role="alert">{problem}</p>;
  if (opened)
    return (
      <p className="panel-help">
        An opened trace keeps labels and confidences, and no network to run. Choose images and a
        network above.
      </p>
    );
  if (trace && recorded && !relearnt) return <LearnHere />;
  return (
    <p className="panel-help" role="status">
      {busy ? 'The run goes on; an image can be tried when it is over.' : 'Nothing is learnt yet.'}
    </p>
  );
}

function Driven({ tried }: { readonly tried: Tried }) {
  const { trace, staged, policy, explanation } = tried;
  const chosen = useShown((state) => state.chosen);
  const { exits, classes } = trace;
  const exit = staged.exitOf[0]!;
  const label = staged.prediction[exit]!;
  const last = exits.length - 1;
  const ran = staged.ran.filter((images) => images > 0).length;
  const name = (k: number): string => classes[k] ?? `class ${k}`;
  return (
    <>
      <StageStrip tried={tried} />
      <p className="sentence">
        Left at <strong>{exits[exit]!.name}</strong> as <strong>{name(label)}</strong>
        {exit < last ? (
          <>
            : <Held {...{ trace, policy, exit, curve: chosen }} said={saidAt(staged, exit)} />.{' '}
            {ran} of the network’s {plural(staged.ran.length, 'stage')} {ran === 1 ? 'was' : 'were'}{' '}
            run.
          </>
        ) : (
          <>: no earlier exit was sure enough, so every stage was run.</>
        )}
      </p>
      {exit < last && <Formulas lines={explanation.lines[exit]!} classes={classes} />}
      <DistanceFigure
        explanation={explanation}
        names={classes}
        mean={rightWords(trace).mean}
        truth={tried.plainLabel}
        exit={exit}
        prediction={label}
      />
      <p className="panel-help">
        The strong line is what the whole network says, {name(tried.plainLabel)}. The lines past the
        mark were computed afterwards, to see what the exits behind would have made of it.
      </p>
    </>
  );
}

/** One cell a stage, lit one after the other; dark ones were never run. */
function StageStrip({ tried }: { readonly tried: Tried }) {
  const { trace, staged, stages, policy } = tried;
  const { exits, classes } = trace;
  const network = useRun((state) => state.network);
  return (
    <div className="stages-scroll" tabIndex={0} role="group" aria-label="Stages of the network">
      <ol className="stages">
        {[...staged.ran].map((ran, s) => {
          const j = exits.findIndex(({ stage }) => stage === s);
          const isLast = j === exits.length - 1;
          const sure = j < 0 ? NaN : staged.confidence[j]!;
          const label = j < 0 ? 0 : staged.prediction[j]!;
          const isHere = ran > 0 && j === staged.exitOf[0];
          const colour = depthColour(s, staged.ran.length);
          return (
            <li
              key={s}
              className={`stage ${ran > 0 ? 'ran' : 'idle'} ${isHere ? 'here' : ''}`}
              style={{ '--depth': colour, '--at': s } as CSSProperties}
            >
              <span className="stage-name">
                {j >= 0 ? exits[j]!.name : (network?.stages[s]?.name ?? `stage ${s}`)}
              </span>
              <span className="stage-light" aria-hidden="true" />
              {ran > 0 ? (
                <>
                  <span>{milliseconds(stages.staged[s]!)}</span>
                  {j >= 0 && Number.isNaN(sure) && <span className="stage-says">not asked</span>}
                  {!Number.isNaN(sure) && (
                    <span className="stage-says">
                      {classes[label]} {digits(sure)}
                      {!isLast && (
                        <>
                          <br />T{' '}
                          {holdings(policy, trace, j, saidAt(staged, j))
                            .map((held) => threshold(held.threshold, policy.rule))
                            .join(', ')}
                        </>
                      )}
                    </span>
                  )}
                  {isHere && <strong>leaves</strong>}
                </>
              ) : (
                <span className="stage-says">
                  not run: {milliseconds(stages.plain[s]!)} not spent
                </span>
              )}
            </li>
          );
        })}
      </ol>
    </div>
  );
}
