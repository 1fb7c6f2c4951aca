/** Try's panels and the first minute, from what a drive and a race of made-up images would have given. */
import type { ComponentType, ReactNode } from 'react';
import { imageAt, type Dataset } from '../src/core/dataset.ts';
import type { Trace } from '../src/core/trace.ts';
import { exitOfImage } from '../src/core/replay.ts';
import type { Policy } from '../src/core/policy.ts';
import type { Scene } from '../src/state/scene/scene.ts';
import { useTry, type Raced, type Tried } from '../src/state/try/store.ts';
import { FirstMinute } from '../src/ui/minute/FirstMinute.tsx';
import { SceneContext } from '../src/ui/shared/scene.ts';
import { BatchPanel } from '../src/ui/try/BatchPanel.tsx';
import { ClockPanel } from '../src/ui/try/ClockPanel.tsx';
import { PicturePanel } from '../src/ui/try/PicturePanel.tsx';
import { StagesPanel } from '../src/ui/try/StagesPanel.tsx';
import '../src/ui/try/try.css';
import { madeExplanation } from './explanation.ts';

/** Milliseconds of a stage, and of asking an exit. */
const STAGE = 1.5;
const EXIT = 0.1;

function madeTried(trace: Trace, policy: Policy, dataset: Dataset, image: number): Tried {
  const { exits, count } = trace;
  const exit = exitOfImage(trace, policy, image);
  const ran = exits.map((_, j) => (j <= exit ? 1 : 0));
  const plain = exits.map(() => STAGE);
  const asked = exits.map((_, j) => (j <= exit ? EXIT : 0));
  const spread = (median: number) => ({
    ...{ median, low: 0.95 * median, high: 1.1 * median },
    times: 7,
  });
  const spent = (exit + 1) * (STAGE + EXIT);
  return {
    ...{ pixels: imageAt(dataset.test, dataset.shape, image), policy, trace },
    staged: {
      exitOf: Uint8Array.of(exit),
      prediction: Uint8Array.from(exits, (_, j) => trace.prediction[j * count + image]!),
      confidence: Float32Array.from(exits, (_, j) =>
        j <= exit ? trace.confidence[j * count + image]! : NaN,
      ),
      ran: Uint32Array.from(ran),
      milliseconds: Float64Array.of(spent),
      inStages: Float64Array.from(ran, (one) => STAGE * one),
      inExits: Float64Array.from(asked),
    },
    times: { staged: spread(spent), plain: spread(exits.length * STAGE) },
    stages: {
      staged: Float64Array.from(ran, (one) => STAGE * one),
      plain: Float64Array.from(plain),
    },
    exits: Float64Array.from(asked),
    plainLabel: trace.prediction[(exits.length - 1) * count + image]!,
    explanation: madeExplanation(trace, image),
  };
}

const raced = (exits: number): Raced => ({
  ...{ images: 1000, batch: 128, cost: 0.42, unit: 'FLOPs', asReplayed: 1000 },
  rates: { staged: 1480, plain: 900 },
  accuracy: { staged: 0.894, plain: 0.912 },
  leaving: Array.from({ length: exits }, (_, j) => (j === 0 ? 1000 - 50 * (exits - 1) : 50)),
});

const PANELS: readonly [id: string, title: string, Panel: ComponentType][] = [
  ['try-picture', 'Try: an image', PicturePanel],
  ['try-stages', 'Try: stage by stage', StagesPanel],
  ['try-clock', 'Try: beside the plain network', ClockPanel],
  ['try-batch', 'Try: a thousand images', BatchPanel],
  ['minute', 'A first minute', Minute],
];

function Minute(): ReactNode {
  return <FirstMinute onLeave={() => undefined} />;
}

/** The panels in a scene that is over, with one of its images tried and a thousand raced. */
export function triedSheets(scene: Scene, image: number) {
  const { trace, policy } = scene.shown.getState();
  const { dataset } = scene.run.getState();
  if (!trace || !policy || !dataset) throw new Error('Images are tried on a scene that is over.');
  const tried = madeTried(trace, policy, dataset, image);
  useTry.setState({ image, tried, raced: raced(trace.exits.length) });
  return PANELS.map(([id, title, Panel]) => ({
    ...{ id, title },
    drawn: (
      <SceneContext value={scene}>
        <Panel />
      </SceneContext>
    ),
  }));
}
