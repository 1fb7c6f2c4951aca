import { useState } from 'react';
import { costSource, costUnit, withoutCosts } from '../../core/costs.ts';
import { dropCosts, takeCosts } from '../../state/scene/costs.ts';
import { BATCHES, measureHere } from '../../state/scene/measure.ts';
import { sentenceOf } from '../../state/notices.ts';
import { plural } from '../shared/format.ts';
import { useScene, useShown } from '../shared/scene.ts';

/** Costs that are not FLOPs: pasted or opened, for every axis, search and target of the page. */
export function CostForm() {
  const scene = useScene();
  const trace = useShown((state) => state.trace);
  const costs = useShown((state) => state.costs);
  const [draft, setDraft] = useState({ unit: 'ms', source: '', numbers: '' });
  const [problem, setProblem] = useState<string | null>(null);
  const [images, setImages] = useState<number>(1);
  const [isMeasuring, setMeasuring] = useState(false);
  if (!trace) return null;
  /** What was measured stays in the form, where it can be changed. */
  const measure = async (): Promise<void> => {
    setMeasuring(true);
    setProblem(null);
    try {
      const measured = await measureHere(scene, images);
      setDraft(measured);
      takeCosts(scene, measured);
    } catch (error) {
      setProblem(sentenceOf(error));
    }
    setMeasuring(false);
  };
  const { exits, networkFlops } = withoutCosts(trace);
  const change = (part: Partial<typeof draft>): void => setDraft({ ...draft, ...part });
  const template = [...exits.map(({ name }) => `${name} `), 'network '].join('\n');
  return (
    <form
      className="cost-form"
      onSubmit={(event) => {
        event.preventDefault();
        try {
          takeCosts(scene, draft);
          setProblem(null);
        } catch (error) {
          setProblem(sentenceOf(error));
        }
      }}
    >
      <p className="panel-help">
        Now: {costUnit(trace)}
        {costSource(trace) && `, ${costSource(trace)}`}. An image that leaves at an exit costs the
        number beside it, everything before included; “network” is the plain network, else the last
        exit. Curves, searches, targets and tables follow.
      </p>
      <div className="cost-fields">
        <label className="field small">
          Unit
          <input
            size={6}
            value={draft.unit}
            onChange={(event) => change({ unit: event.target.value })}
          />
        </label>
        <label className="field small">
          Measured on
          <input
            size={22}
            placeholder="device, batch, median of …"
            value={draft.source}
            onChange={(event) => change({ source: event.target.value })}
          />
        </label>
      </div>
      <label className="field cost-numbers">
        Cost of leaving at each exit
        <textarea
          rows={Math.min(12, exits.length + 1)}
          spellCheck={false}
          placeholder={template}
          value={draft.numbers}
          aria-invalid={problem !== null}
          onChange={(event) => change({ numbers: event.target.value })}
        />
      </label>
      <div className="cost-actions">
        <button type="submit" className="button small primary">
          Count in {draft.unit.trim() || 'this unit'}
        </button>
        <button
          type="button"
          className="button small"
          onClick={() =>
            change({
              numbers: [
                ...exits.map(({ name, flops }) => `${name} ${flops}`),
                `network ${networkFlops}`,
              ].join('\n'),
            })
          }
        >
          Begin with the FLOPs
        </button>
        <label className="button small">
          Open a file …
          <input
            type="file"
            className="visually-hidden"
            accept=".csv,.tsv,.txt"
            onChange={(event) => {
              const file = event.target.files?.[0];
              event.target.value = '';
              void file
                ?.text()
                .then((numbers) => change({ numbers, source: draft.source || file.name }));
            }}
          />
        </label>
        <button
          type="button"
          className="button small"
          disabled={isMeasuring}
          onClick={() => void measure()}
        >
          {isMeasuring ? 'Measuring …' : 'Measure on this machine'}
        </button>
        <label className="field small">
          at a time
          <select value={images} onChange={(event) => setImages(Number(event.target.value))}>
            {BATCHES.map((batch) => (
              <option key={batch} value={batch}>
                {plural(batch, 'image')}
              </option>
            ))}
          </select>
        </label>
        {costs && (
          <button type="button" className="button small quiet" onClick={() => dropCosts(scene)}>
            Back to {costUnit(withoutCosts(trace))}
          </button>
        )}
      </div>
      <p role="status" className="target-answer">
        {problem}
      </p>
    </form>
  );
}
