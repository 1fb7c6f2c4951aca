/** What is said and asked of opened traces: alone, with scores and something to fit on, and beside another to be paired with. */
import { readChoice } from '../src/core/confidence/choice.ts';
import { generateStrokes } from '../src/data/strokes/index.ts';
import type { OpenedRun } from '../src/data/traces/runs.ts';
import { fixtureScene } from '../src/state/scene/fixture.ts';
import type { Opened } from '../src/state/traces/opened.ts';
import { SceneContext } from '../src/ui/shared/scene.ts';
import { ConfidenceForm } from '../src/ui/traces/ConfidenceForm.tsx';
import { OpenedStrip } from '../src/ui/traces/OpenedStrip.tsx';
import { PairForm } from '../src/ui/traces/PairForm.tsx';
import type { Sheet } from './sheets.tsx';
import { madeTrace } from './traces.ts';

const dataset = generateStrokes({ seed: 4, train: 200, test: 300 });
const test = madeTrace(dataset, { exits: 4 });
const train = madeTrace(dataset, { exits: 4, split: 'train' });
const scores = new Blob([new Uint8Array(2)]);

const plain = {
  ...{ at: 0, addresses: null, isHalved: false, isRuleAsked: false },
  ...{ choice: null, tempering: null },
} satisfies Partial<Opened>;
const alone: OpenedRun = {
  ...{ traces: { test }, files: ['logits_single.pth'], budget: null },
  scores: { test: scores },
};
const both: OpenedRun = {
  ...{ traces: { test, train }, files: ['a-test.npz', 'a-train.npz'], budget: { epochs: 30 } },
  scores: { test: scores, train: scores },
};
const other: OpenedRun = { traces: { train }, files: ['validation.npz'], budget: null };

const held = (run: OpenedRun, text: string): Opened => ({
  ...plain,
  ...{ runs: [run], choice: readChoice(text) ?? null },
});

function Strip({ opened }: { readonly opened: Opened }) {
  const scene = fixtureScene([test], { run: { status: 'replayed', opened } });
  return (
    <SceneContext value={scene}>
      <OpenedStrip />
    </SceneContext>
  );
}

export const openedSheets: readonly Sheet[] = [
  {
    ...{ id: 'opened', title: 'Opened: alone, beside another file' },
    drawn: <Strip opened={{ ...plain, runs: [alone, other], isRuleAsked: true }} />,
  },
  {
    ...{ id: 'confidence-own', title: 'Confidence: its own' },
    drawn: <ConfidenceForm opened={{ ...plain, runs: [both] }} />,
  },
  {
    ...{ id: 'confidence-fitted', title: 'Confidence: weighted and tempered' },
    drawn: <ConfidenceForm opened={held(both, 'entropy.weighted.tempered')} />,
  },
  {
    ...{ id: 'confidence-unfit', title: 'Confidence: nothing to fit on' },
    drawn: <ConfidenceForm opened={held(alone, 'margin.mean')} />,
  },
  {
    ...{ id: 'pair', title: 'Pairing: a test trace with another file' },
    drawn: <PairForm opened={{ ...plain, runs: [alone, other] }} />,
  },
];
