import { firstNotDearer, NOT_STATED, type Trace } from '../../core/trace.ts';
import { sense } from '../../core/policy.ts';
import { headOf, type OpenedRun } from '../../data/traces/runs.ts';
import { heldIn } from '../../methods/registry.ts';
import { chooseAndRun } from '../../state/explore/run.ts';
import type { Scene } from '../../state/scene/scene.ts';
import type { Opened } from '../../state/traces/opened.ts';
import { ConfidenceForm } from './ConfidenceForm.tsx';
import { PairForm } from './PairForm.tsx';
import { count, plural } from '../shared/format.ts';
import { methodWords, unitHeld } from '../shared/methods.ts';
import { useRun, useScene, useShown } from '../shared/scene.ts';

/** Says that what is on screen was opened by a person: from which file, of what, and what the file does not state. */
export function OpenedStrip() {
  const scene = useScene();
  const opened = useRun((state) => state.opened);
  const trace = useShown((state) => state.trace);
  const run = opened?.runs[opened.at];
  if (!opened || !run || !trace) return null;
  return (
    <section className="recorded" aria-label="Opened trace">
      <p>
        <strong className="badge">Opened</strong> from {run.files.join(' and ')}:{' '}
        {headOf(run).network} on {headOf(run).dataset}, {methodWords(headOf(run).method).name};
        traced {imagesOf(run)}. {ruleOf(opened, trace)} {madeBy(run)} {costsOf(headOf(run))}
        {opened.isHalved && (
          <>
            Thresholds are chosen on every other test image and measured on the rest: on screen are
            the {count(trace.count)} that they{' '}
            {trace.split === 'test' ? 'are measured' : 'were chosen'} on.
          </>
        )}
      </p>
      <div className="recorded-actions">
        {opened.runs.length > 1 && <RunChoice opened={opened} />}
        {!opened.isHalved && <PairForm opened={opened} />}
        <button type="button" className="button small" onClick={() => close(scene.id)}>
          Close this trace
        </button>
      </div>
      <ConfidenceForm opened={opened} />
    </section>
  );
}

/** What the page has of its own comes in its place. */
function close(scene: Scene['id']): void {
  if (scene === 'clusters')
    void import('../../state/unsupervised/run.ts').then(({ startClusters }) => startClusters());
  else chooseAndRun({});
}

function imagesOf({ traces }: OpenedRun): string {
  const { test, holdout, train } = traces;
  return [
    test && plural(test.count, 'test image'),
    holdout && plural(holdout.count, 'held-out image'),
    train && plural(train.count, 'training image'),
  ]
    .filter((words) => words !== undefined)
    .join(' and ');
}

function ruleOf({ isRuleAsked }: Opened, trace: Trace): string {
  const { symbol } = sense(heldIn(trace));
  const words = `An image leaves where ${unitHeld('frontier', trace)} ${symbol} T`;
  return `${words}${isRuleAsked ? ', as was said when it was opened' : ''}.`;
}

/** What no file states is said to be so. */
function madeBy(run: OpenedRun): string {
  const { commit, backend, seed, trainImages } = headOf(run).provenance;
  const said = [
    backend !== NOT_STATED && backend,
    commit !== NOT_STATED && `commit ${commit}`,
    trainImages > 0 && `${plural(trainImages, 'training image')} made it`,
    run.budget && plural(run.budget.epochs, 'epoch'),
    seed !== null && `seed ${seed}`,
  ].filter((words) => typeof words === 'string');
  const unsaid = [
    backend === NOT_STATED && 'backend',
    commit === NOT_STATED && 'commit',
    trainImages === 0 && 'training images',
    !run.budget && 'training budget',
    seed === null && 'seed',
  ].filter((words) => words !== false);
  const first = said.length > 0 ? `${said.join(', ')}. ` : '';
  return unsaid.length > 0 ? `${first}Not stated: ${unsaid.join(', ')}.` : first.trim();
}

/** Costs that are not FLOPs, and costs that do not rise. */
function costsOf(trace: Trace): string {
  const { cost } = trace.provenance.options;
  const unit =
    typeof cost === 'string' ? `Costs are ${cost}, and relative to the whole network’s. ` : '';
  const j = firstNotDearer(trace);
  if (j === null) return unit;
  const [before, here] = [trace.exits[j - 1]!, trace.exits[j]!];
  const how = here.flops < before.flops ? 'less than' : 'as much as';
  return `${unit}Leaving at ${here.name} costs ${how} leaving at ${before.name} before it: stopping early saves nothing there. `;
}

function RunChoice({ opened }: { readonly opened: Opened }) {
  return (
    <label className="field small">
      Run
      <select
        value={opened.at}
        onChange={(event) => {
          const at = Number(event.target.value);
          void import('../../state/traces/open.ts').then(({ showOpenedRun }) => showOpenedRun(at));
        }}
      >
        {opened.runs.map((run, at) => (
          <option key={at} value={at}>
            {run.files.join(', ')}
          </option>
        ))}
      </select>
    </label>
  );
}
