import { useEffect, useRef, useState, type SubmitEvent } from 'react';
import type { Answers, Fault } from '../../data/traces/draft.ts';
import { notify, sentenceOf } from '../../state/notices.ts';
import { openGiven, OPENS } from '../../state/traces/given.ts';
import type { Asked } from '../../state/traces/waiting.ts';
import { answerDraft, dropDraft } from '../../state/traces/open.ts';
import { CommonFields } from './CommonFields.tsx';
import { PartFields } from './PartFields.tsx';
import { TableFields } from './TableFields.tsx';
import './draft.css';

/** Asks what arrays and tables are, with what was recognised filled in. */
export function DraftDialog({ asked }: { readonly asked: Asked }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current!.showModal(), []);
  return (
    <dialog
      ref={dialog}
      className="draft"
      aria-labelledby="draft-title"
      onCancel={(event) => {
        // The picker of files within it is cancelled on its own.
        if (event.target === dialog.current) dropDraft();
      }}
    >
      <DraftForm key={asked.draft.id} asked={asked} />
    </dialog>
  );
}

function DraftForm({ asked: { draft, addresses } }: { readonly asked: Asked }) {
  const [answers, setAnswers] = useState(draft.answers);
  const [seen, setSeen] = useState(draft);
  const [faults, setFaults] = useState<readonly Fault[]>([]);
  const [isBusy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  if (seen !== draft) {
    // Tables were read in another way: what they hold is recognised anew, the rest of the answers stay.
    setSeen(draft);
    setAnswers({ ...answers, parts: draft.answers.parts, exits: draft.answers.exits });
  }
  const change = (part: Partial<Answers>): void => {
    setAnswers({ ...answers, ...part });
    setFaults(faults.filter(({ field }) => !(field in part)));
  };
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    try {
      const found = await answerDraft(answers);
      // Without a fault it is busy until it goes.
      if (found.length === 0) return;
      setBusy(false);
      setFaults(found);
      const first = found[0];
      if (first) form.current!.querySelector<HTMLElement>(`[name="${first.field}"]`)?.focus();
    } catch (error) {
      notify('error', sentenceOf(error));
      dropDraft();
    }
  };
  return (
    <form ref={form} noValidate onSubmit={(event) => void submit(event)}>
      <div className="dialog-head">
        <h2 id="draft-title">What is in {draft.files.join(' and ')}?</h2>
      </div>
      <p className="panel-help">
        What was recognised is filled in and can be corrected. What the files do not say is asked
        here and never guessed.
      </p>
      {draft.tables.length > 0 && <TableFields draft={draft} />}
      <div className="draft-parts">
        {answers.parts.map((part, n) => (
          <PartFields
            key={n}
            at={n}
            part={part}
            items={draft.items}
            isAlone={answers.parts.length === 1}
            hasLabels={answers.predicted !== 'unlabelled'}
            faults={faults}
            onChange={(changed) => {
              setFaults(faults.filter(({ field }) => !field.startsWith(`parts.${n}.`)));
              setAnswers({ ...answers, parts: answers.parts.with(n, { ...part, ...changed }) });
            }}
          />
        ))}
      </div>
      <CommonFields answers={answers} faults={faults} onChange={change} />
      <p className="fault" role="alert">
        {faults.length > 0 &&
          (faults.find(({ field }) => field === 'parts')?.sentence ??
            (faults.length === 1
              ? 'One answer is missing or does not fit; it is marked above.'
              : `${faults.length} answers are missing or do not fit; they are marked above.`))}
      </p>
      <div className="dialog-buttons">
        <button type="submit" className="button primary" disabled={isBusy}>
          Open
        </button>
        {addresses === null && <MoreFiles />}
        <button type="button" className="button" onClick={dropDraft}>
          Cancel
        </button>
      </div>
    </form>
  );
}

/** The other split, or the file that holds labels or costs. */
function MoreFiles() {
  const picker = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" className="button" onClick={() => picker.current!.click()}>
        Add files …
      </button>
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        accept={OPENS}
        aria-label="Files to add"
        onChange={(event) => {
          const given = [...(event.target.files ?? [])];
          event.target.value = '';
          if (given.length > 0) void openGiven(given);
        }}
      />
    </>
  );
}
