import { useState } from 'react';
import { certifyRisk } from '../../state/scene/certify.ts';
import { hasTruth } from '../shared/rightWords.ts';
import { useScene, useShown, useSearches } from '../shared/scene.ts';

/** Risk control: how much harm early exits may do, and how often the promise may fail. */
export function RiskForm() {
  const scene = useScene();
  const [draft, setDraft] = useState({ epsilon: '0.02', delta: '0.1' });
  const isAgreement = useShown(({ trace }) => trace !== null && !hasTruth(trace));
  const certificate = useSearches((state) => state.certificate);
  const options = { epsilon: Number(draft.epsilon), delta: Number(draft.delta) };
  const valid = Object.values(options).every((value) => value > 0 && value < 1);
  const field = (name: 'epsilon' | 'delta', label: string, words: string) => (
    <label className="field small" title={words}>
      {label}
      <input
        inputMode="decimal"
        size={4}
        value={draft[name]}
        aria-label={words}
        aria-invalid={!valid}
        onChange={(event) => setDraft({ ...draft, [name]: event.target.value.replace(',', '.') })}
      />
    </label>
  );
  return (
    <>
      <form
        className="target"
        onSubmit={(event) => {
          event.preventDefault();
          if (valid) void certifyRisk(scene, options);
        }}
      >
        {field(
          'epsilon',
          'ε',
          isAgreement
            ? 'Tolerated share of images that early exits put into another cluster'
            : 'Tolerated share of images that early exits make wrong',
        )}
        {field('delta', 'δ', 'Probability with which the promise may fail')}
        <button type="submit" className="button small" disabled={!valid}>
          Certify
        </button>
        <p role="status" className="target-answer">
          {valid ? certificate : 'Expected ε and δ between 0 and 1.'}
        </p>
        <p
          className="panel-help"
          title="Jazbec et al. 2024, Fast yet safe: early-exiting with risk control"
        >
          Finds the boldest shared thresholds whose early exits{' '}
          {isAgreement
            ? 'put at most a share ε of the images into another cluster than DEC-large does'
            : 'make at most a share ε of the images wrong that the whole network gets right'}
          , except with probability δ. Tested on half of the test images, checked on the other half.
        </p>
      </form>
    </>
  );
}
