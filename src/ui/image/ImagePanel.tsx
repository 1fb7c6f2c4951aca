import { clusteringId } from '../../methods/registry.ts';
import { useState } from 'react';
import { saidOf } from '../../core/leaving.ts';
import type { Policy } from '../../core/policy.ts';
import { exitOfImage } from '../../core/replay.ts';
import type { CurveId } from '../../state/scene/curve.ts';
import { explanationFor, type StoryState } from '../../state/scene/story.ts';
import { selectImage } from '../../state/scene/selection.ts';
import { count, percent } from '../shared/format.ts';
import { Held } from '../shared/Held.tsx';
import { later } from '../shared/later.tsx';
import { methodWords } from '../shared/methods.ts';
import { Panel } from '../shared/Panel.tsx';
import { hasTruth, isUnlabelled, rightWords } from '../shared/rightWords.ts';
import { useClusterNames } from '../shared/useClusterNames.ts';
import type { Dataset } from '../../core/dataset.ts';
import { Pixels } from './Pixels.tsx';
import { imagesOf, type Trace, type TraceSplit } from '../../core/trace.ts';
import { Formulas } from './Formulas.tsx';
import { DistanceFigure } from './DistanceFigure.tsx';
import { ExitTable } from './ExitTable.tsx';
import { useScene, useRun, useShown, useStory } from '../shared/scene.ts';
import { useTurn } from '../shared/useTurn.ts';
import './image.css';

/** What a recorded run lacks can be learnt once more; that comes when it is asked for. */
const LearnHere = later<object>(
  40,
  () => import('./LearnHere.tsx').then((module) => module.LearnHere),
  'What brings what the run had learnt',
);

/** One image's way through the network: how near it comes to every class mean, where it leaves, and why. */
export function ImagePanel() {
  const trace = useShown((state) => state.trace);
  const policy = useShown((state) => state.policy);
  const outcome = useShown((state) => state.outcome);
  const curve = useShown((state) => state.chosen);
  const story = useStory((story) => story);
  const { id } = useScene();
  const isMyTurn = useTurn(trace !== null && policy !== null && outcome !== null);
  if (!trace || !policy || !outcome || !isMyTurn) {
    return (
      <Panel title="One image" why="image">
        <p className="panel-help">
          {id === 'clusters' && !trace
            ? 'Its distances to the cluster centres at every exit, once there are some.'
            : 'Choose an image on the map to see what every exit makes of it.'}
        </p>
      </Panel>
    );
  }
  return <ChosenImage trace={trace} policy={policy} curve={curve} story={story} />;
}

interface ChosenImageProps {
  readonly trace: Trace;
  readonly policy: Policy;
  readonly curve: CurveId;
  readonly story: StoryState;
}

function ChosenImage({ trace, policy, curve, story }: ChosenImageProps) {
  const dataset = useRun((state) => state.dataset);
  const recorded = useRun((state) => state.recorded);
  const opened = useRun((state) => state.opened);
  const relearnt = useRun((state) => state.relearnt);
  const { id } = useScene();
  const [isAsked, setIsAsked] = useState(false);
  const { image } = story;
  const explanation = explanationFor(story, trace);
  const clusters = useClusterNames(trace);
  const names = isUnlabelled(trace) ? clusters : trace.classes;
  const words = rightWords(trace);
  const chosen = image !== null && image < trace.count ? image : null;
  const name = (k: number): string => names[k] ?? `class ${k}`;
  return (
    <Panel
      title="One image"
      why="image"
      note={
        <>
          <ImageStepper image={chosen} count={trace.count} split={trace.split} />
          {chosen !== null && (
            <span>
              {hasTruth(trace)
                ? 'truth'
                : isUnlabelled(trace) && trace.method === clusteringId
                  ? 'DEC-large'
                  : 'last exit'}
              : {name(trace.label[chosen]!)}
            </span>
          )}
        </>
      }
    >
      {chosen === null ? (
        <p className="panel-help">Choose an image on the map, or type its number.</p>
      ) : (
        <>
          <div className="image-row">
            {dataset && <BigImage dataset={dataset} trace={trace} image={chosen} />}
            {explanation ? (
              <DistanceFigure
                explanation={explanation}
                names={names}
                mean={words.mean}
                truth={trace.label[chosen]!}
                exit={exitOfImage(trace, policy, chosen)}
                prediction={
                  trace.prediction[exitOfImage(trace, policy, chosen) * trace.count + chosen]!
                }
              />
            ) : (
              <p className="panel-help image-wait" role="status">
                {story.problem ??
                  (recorded && !relearnt
                    ? recordedWords(trace)
                    : opened
                      ? 'A trace keeps each exit’s label and confidence, in the table below; neither the images nor what else the network made of them.'
                      : 'Asking every exit …')}
                {recorded && !relearnt && id === 'explore' && !isAsked && (
                  <>
                    {' '}
                    <button type="button" className="button small" onClick={() => setIsAsked(true)}>
                      Bring what it learnt
                    </button>
                  </>
                )}
              </p>
            )}
          </div>
          {isAsked && recorded && !relearnt && <LearnHere />}
          <Sentence trace={trace} policy={policy} image={chosen} />
          {(explanation || recorded || opened) && (
            <ExitTable
              explanation={explanation}
              trace={trace}
              image={chosen}
              policy={policy}
              isPatience={curve === 'patience'}
              exit={exitOfImage(trace, policy, chosen)}
            />
          )}
        </>
      )}
    </Panel>
  );
}

/** A recorded trace knows every label and confidence; what they came from is gone. */
function recordedWords({ method }: Trace): string {
  const { gone } = methodWords(method);
  return `A recorded run keeps each exit’s label and confidence, in the table below, but not ${gone} when the run is computed here.`;
}

interface SentenceProps {
  readonly trace: Trace;
  readonly policy: Policy;
  readonly image: number;
}

/** Where it leaves and why, what one exit earlier and later would have said. */
function Sentence({ trace, policy, image }: SentenceProps) {
  const chosen = useShown((state) => state.chosen);
  const explanation = explanationFor(
    useStory((story) => story),
    trace,
  );
  const classes = useClusterNames(trace);
  const { count: n, label, prediction, exits } = trace;
  const last = exits.length - 1;
  const exit = exitOfImage(trace, policy, image);
  const truth = label[image]!;
  const at = (j: number): number => prediction[j * n + image]!;
  const word = (k: number) => (
    <strong className={k === truth ? '' : 'wrong-text'}>{classes[k] ?? `class ${k}`}</strong>
  );
  const saved = 1 - exits[exit]!.flops / trace.networkFlops;
  const k = at(exit);
  return (
    <>
      <p className="sentence">
        Leaves at <strong>{exits[exit]!.name}</strong> as {word(k)}
        {exit < last ? (
          <>
            : <Held {...{ trace, policy, exit, curve: chosen }} said={saidOf(trace, exit, image)} />
            .
          </>
        ) : (
          <>: no earlier exit was sure enough.</>
        )}{' '}
        {exit > 0 && <>One exit earlier it would have been {word(at(exit - 1))}. </>}
        {exit < last && (
          <>
            One exit later it would have been {word(at(exit + 1))}; the last one says{' '}
            {word(at(last))}. {saved > 0 && <>{percent(saved, 0)} of the work was skipped.</>}
          </>
        )}
      </p>
      {explanation && exit < last && chosen !== 'patience' && (
        <Formulas lines={explanation.lines[exit]!} classes={classes} />
      )}
    </>
  );
}

interface ImageStepperProps {
  readonly image: number | null;
  readonly count: number;
  readonly split: TraceSplit;
}

function ImageStepper({ image, count: n, split }: ImageStepperProps) {
  const scene = useScene();
  const go = (to: number): void => selectImage(scene, ((to % n) + n) % n);
  return (
    <span className="stepper">
      <button
        type="button"
        className="button quiet"
        onClick={() => go((image ?? 0) - 1)}
        aria-label="Previous image"
      >
        ‹
      </button>
      <label className="field small">
        {split} #
        <input
          type="number"
          min={0}
          max={n - 1}
          value={image ?? ''}
          placeholder={`0–${count(n - 1)}`}
          onChange={(event) => {
            const value = Number(event.target.value);
            if (event.target.value !== '' && Number.isInteger(value) && value >= 0 && value < n)
              selectImage(scene, value);
          }}
        />
      </label>
      <button
        type="button"
        className="button quiet"
        onClick={() => go(image === null ? 0 : image + 1)}
        aria-label="Next image"
      >
        ›
      </button>
    </span>
  );
}

interface BigImageProps {
  readonly dataset: Dataset;
  readonly trace: Trace;
  readonly image: number;
}

function BigImage({ dataset, trace, image }: BigImageProps) {
  const { images, labels, difficulty } = imagesOf(dataset, trace);
  const truth = hasTruth(trace) ? `, true class ${dataset.classes[labels[image]!]}` : '';
  return (
    <div className="big-image-box">
      <Pixels
        images={images}
        shape={dataset.shape}
        image={image}
        className="big-image"
        label={`${trace.split} image ${image}${truth}`}
      />
      {difficulty && (
        <span className="big-image-note">difficulty {difficulty[image]!.toFixed(2)}</span>
      )}
    </div>
  );
}
