import { useEffect, useRef, useState, type SubmitEvent } from 'react';
import { rules, sense, type Rule } from '../../core/policy.ts';
import { headOf } from '../../data/traces/runs.ts';
import { later } from '../shared/later.tsx';
import { ruleMeanings } from './ruleMeanings.ts';
import { useWaiting, type Question } from '../../state/traces/waiting.ts';

const answers = () => import('../../state/traces/open.ts');

const DraftDialog = later(0, async () => (await import('./DraftDialog.tsx')).DraftDialog);

/** Asks what opened files do not say. */
export function Questions() {
  const question = useWaiting((state) => state.question);
  const asked = useWaiting((state) => state.asked);
  if (asked) return <DraftDialog asked={asked} />;
  return question && <RuleForm question={question} />;
}

function RuleForm({ question }: { readonly question: Question }) {
  const [rule, setRule] = useState<Rule | null>(null);
  const [unit, setUnit] = useState('');
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current!.showModal(), []);
  const { method, network } = headOf(question.runs[0]!);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (rule) void answers().then(({ answerRule }) => answerRule(rule, unit.trim()));
  };
  const cancel = (): void => void answers().then(({ dropQuestion }) => dropQuestion());
  return (
    <dialog ref={dialog} aria-labelledby="rule-title" onCancel={cancel}>
      <form onSubmit={submit}>
        <div className="dialog-head">
          <h2 id="rule-title">When does an image leave?</h2>
        </div>
        <p className="panel-help">
          The trace of {network} is of the method “{method}”, which is not known here, and its file
          does not say how confidences are held against thresholds.
        </p>
        <fieldset className="radios">
          <legend>An image leaves where its confidence is</legend>
          {rules.map((one) => (
            <label key={one}>
              <input
                type="radio"
                name="rule"
                required
                checked={rule === one}
                onChange={() => setRule(one)}
              />
              {sense(one).symbol} T: {ruleMeanings[one]}
            </label>
          ))}
        </fieldset>
        <label className="field">
          What the confidence is
          <input
            value={unit}
            maxLength={80}
            placeholder="confidence"
            onChange={(event) => setUnit(event.target.value)}
          />
        </label>
        <div className="dialog-buttons">
          <button type="submit" className="button primary" disabled={!rule}>
            Open
          </button>
          <button type="button" className="button" onClick={cancel}>
            Cancel
          </button>
        </div>
      </form>
    </dialog>
  );
}
