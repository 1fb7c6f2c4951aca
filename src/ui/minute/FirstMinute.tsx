import { useEffect, useRef, useState, type ReactNode } from 'react';
import { costUnit } from '../../core/costs.ts';
import type { Trace } from '../../core/trace.ts';
import { linkToPage } from '../../state/address/link.ts';
import { selectImage } from '../../state/scene/selection.ts';
import { measureTuning, setLeavingShare } from '../../state/scene/shown.ts';
import { easyAndHard } from '../../state/scene/easy-and-hard.ts';
import { count, percent } from '../shared/format.ts';
import { methodWords } from '../shared/methods.ts';
import { rightWords } from '../shared/rightWords.ts';
import { useScene, useShown, useStory } from '../shared/scene.ts';
import './minute.css';

interface Step {
  readonly title: string;
  /** What of the page it is about. */
  readonly target: string;
  readonly Says: () => ReactNode;
}

const IMAGE = 'section[aria-labelledby="panel-one-image"]';
const CURVE = 'section[aria-labelledby="panel-accuracy-and-cost"]';

const STEPS: readonly Step[] = [
  { title: 'An easy and a hard image', target: IMAGE, Says: Images },
  { title: 'What they come close to', target: `${IMAGE}, .exits`, Says: Means },
  { title: 'The exit that each takes', target: '.exits', Says: ExitTaken },
  { title: 'The slider that changes it', target: '.exits', Says: Slider },
  { title: 'What all of it amounts to', target: CURVE, Says: Amounts },
];

/** Three places worth opening. */
const PRESETS = [
  ['An easy dataset: MNIST', './?data=mnist'],
  ['A deep network: ResNet-152', './?data=cifar-10&network=resnet152-cifar10'],
  ['A clustering, without labels', './?page=unsupervised'],
] as const;

/** Five steps on the live page for whoever has never heard of early exits. It can be left at any time. */
export function FirstMinute({ onLeave }: { readonly onLeave: () => void }) {
  const [at, setAt] = useState(0);
  const heading = useRef<HTMLHeadingElement>(null);
  const { title, target, Says } = STEPS[at]!;
  const isLast = at === STEPS.length - 1;
  useEffect(() => heading.current?.focus({ preventScroll: true }), [at]);
  useEffect(() => {
    const found = [...document.querySelectorAll<HTMLElement>(target)];
    for (const one of found) one.dataset['lit'] = '';
    const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
    found[0]?.scrollIntoView({ block: 'start', behavior: isStill ? 'auto' : 'smooth' });
    return () => found.forEach((one) => delete one.dataset['lit']);
  }, [target]);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') onLeave();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [onLeave]);
  return (
    <section className="minute" aria-label="A first minute">
      <header>
        <h2 ref={heading} tabIndex={-1}>
          {at + 1} of {STEPS.length}: {title}
        </h2>
        <button type="button" className="button quiet" onClick={onLeave}>
          Leave
        </button>
      </header>
      <Says />
      {isLast && (
        <ul className="minute-presets">
          {PRESETS.map(([name, link]) => (
            <li key={link}>
              <a href={link}>{name}</a>
            </li>
          ))}
        </ul>
      )}
      <p className="minute-steps">
        <button
          type="button"
          className="button small"
          disabled={at === 0}
          onClick={() => setAt(at - 1)}
        >
          Back
        </button>
        <button
          type="button"
          className="button small primary"
          onClick={() => (isLast ? onLeave() : setAt(at + 1))}
        >
          {isLast ? 'Done' : 'Next'}
        </button>
      </p>
    </section>
  );
}

const WAIT = <p>Once the first images have been traced, in a moment.</p>;

/** Both images by buttons, so that either can be followed through the other steps. */
function Pair() {
  const scene = useScene();
  const trace = useShown((state) => state.trace);
  const outcome = useShown((state) => state.outcome);
  const image = useStory((story) => story.image);
  const pair = trace && outcome && easyAndHard(trace, outcome);
  if (!pair) return null;
  return (
    <span className="minute-pair" role="group" aria-label="Which image is followed">
      {(['easy', 'hard'] as const).map((name) => (
        <button
          key={name}
          type="button"
          className="button small"
          aria-pressed={image === pair[name]}
          onClick={() => selectImage(scene, pair[name])}
        >
          The {name} one, no. {pair[name]}
        </button>
      ))}
    </span>
  );
}

function Images() {
  const trace = useShown((state) => state.trace);
  if (!trace) return WAIT;
  return (
    <>
      <p>
        A network has many layers, but not every image needs all of them. Here {count(trace.count)}{' '}
        {trace.split} images drive through one with {trace.exits.length} exits. Take one that is
        recognised early, and one that drives far:
      </p>
      <Pair />
    </>
  );
}

function Means() {
  const trace = useShown((state) => state.trace);
  const { explanation } = useStory((story) => story);
  if (!trace) return WAIT;
  const { labeller } = methodWords(trace.method);
  return (
    <>
      <p>
        At every exit {labeller} labels the image; each matrix counts how often that is right,
        darker towards the end.{' '}
        {explanation?.distance
          ? `The lines are this image’s distances to the ${rightWords(trace).mean} of each class: the deeper, the more one of them stands out.`
          : 'This run is recorded: its distances come with “Bring what it learnt” under One image.'}
      </p>
      <Pair />
    </>
  );
}

/** What is saved, in words: work is FLOPs, unless a person counts in something else. */
const workOf = (trace: Trace): string => (costUnit(trace) === 'FLOPs' ? 'work' : costUnit(trace));

function ExitTaken() {
  const trace = useShown((state) => state.trace);
  const outcome = useShown((state) => state.outcome);
  const image = useStory((story) => story.image);
  if (!trace || !outcome) return WAIT;
  const exit = image === null || image >= trace.count ? null : trace.exits[outcome.exitOf[image]!]!;
  return (
    <>
      <p>
        The road narrows wherever images leave: each exit lets those go that it is sure enough of.
        {exit &&
          ` Image ${image} leaves at ${exit.name}, after ${percent(exit.flops / trace.networkFlops, 0)} of the whole network’s ${workOf(trace)}.`}{' '}
        <a href={linkToPage('try')}>Try</a> runs an image like that, and really stops.
      </p>
      <Pair />
    </>
  );
}

function Slider() {
  const scene = useScene();
  const trace = useShown((state) => state.trace);
  const outcome = useShown((state) => state.outcome);
  if (!trace || !outcome) return WAIT;
  const middle = Math.floor((trace.exits.length - 1) / 2);
  const leaving = (share: number) => () => {
    setLeavingShare(scene, middle, share);
    measureTuning(scene);
  };
  return (
    <>
      <p>
        How sure is sure enough is yours to say: every exit has a slider. Let more images leave at{' '}
        {trace.exits[middle]!.name}, and see the stacks under the exits follow. Now{' '}
        {percent(outcome.accuracy)} are right, at{' '}
        {percent(outcome.meanFlops / trace.networkFlops, 0)} of the {workOf(trace)}.
      </p>
      <span className="minute-pair">
        <button type="button" className="button small" onClick={leaving(0.9)}>
          Nearly all leave there
        </button>
        <button type="button" className="button small" onClick={leaving(0)}>
          Nobody leaves there
        </button>
      </span>
    </>
  );
}

function Amounts() {
  const trace = useShown((state) => state.trace);
  const outcome = useShown((state) => state.outcome);
  if (!trace || !outcome) return WAIT;
  return (
    <p>
      Every setting of the sliders is one point: how many images are right, against how much work
      that takes. The curve joins the best settings that a search found; drag the point along it and
      all sliders follow. Far to the left a little work is done, and often most images are right
      already. Worth opening next:
    </p>
  );
}
