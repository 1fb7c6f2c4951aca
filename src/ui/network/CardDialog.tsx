import { useEffect, useRef, useState, type SubmitEvent } from 'react';
import { catalogue, isDatasetId } from '../../data/catalogue.ts';
import { parseCard } from '../../network/card.ts';
import { PRESETS, presetFor } from '../../network/presets.ts';
import { sentenceOf } from '../../state/notices.ts';
import { answerCard, dropCard } from '../../state/network/open.ts';
import type { CardAsked } from '../../state/network/own.ts';
import { useSettings } from '../../state/settings.ts';
import './card.css';

/** Asks what no file of a network says: how it is fed and what its outputs are called. */
export function CardDialog({ asked }: { readonly asked: CardAsked }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current!.showModal(), []);
  return (
    <dialog ref={dialog} className="card-dialog" aria-labelledby="card-title" onCancel={dropCard}>
      <CardForm key={asked.given.name} asked={asked} />
    </dialog>
  );
}

const numbers = (list: readonly number[]): string => list.map((n) => +n.toPrecision(6)).join(', ');
const parsed = (text: string): number[] =>
  text
    .split(/[\s,;]+/)
    .filter((part) => part !== '')
    .map(Number);

function CardForm({ asked: { given } }: { readonly asked: CardAsked }) {
  const dataset = useSettings((settings) => settings.dataset);
  const { card, size, outputs } = given;
  const known = isDatasetId(dataset) ? catalogue[dataset] : null;
  const [channels, setChannels] = useState(given.channels ?? card?.input.channels ?? 3);
  const first = presetFor(PRESETS[size !== null && size >= 128 ? 2 : 0]!, channels);
  const [title, setTitle] = useState(card?.title ?? given.name);
  const [side, setSide] = useState(String(size ?? card?.input.size ?? ''));
  const [mean, setMean] = useState(numbers(card?.input.mean ?? first.mean));
  const [std, setStd] = useState(numbers(card?.input.std ?? first.std));
  const [order, setOrder] = useState(card?.input.order ?? 'rgb');
  const [fit, setFit] = useState(card?.input.fit ?? 'resize');
  const alike = known !== null && outputs === known.classes.length;
  const numbered = Array.from({ length: outputs ?? 0 }, (_, k) => String(k));
  const [classes, setClasses] = useState(
    (card?.classes ?? (alike ? known.classes : numbered)).join('\n'),
  );
  const [fault, setFault] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const choosePreset = (id: string): void => {
    const preset = PRESETS.find((one) => one.id === id);
    if (!preset) return;
    const values = presetFor(preset, channels);
    setMean(numbers(values.mean));
    setStd(numbers(values.std));
  };
  const chosen = PRESETS.find((preset) => {
    const values = presetFor(preset, channels);
    return numbers(values.mean) === mean && numbers(values.std) === std;
  });
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    try {
      const names = classes.split('\n').map((name) => name.trim());
      const list = names.filter((name) => name !== '');
      if (outputs !== null && list.length !== outputs)
        throw new Error(
          `The network has ${outputs} outputs; ${list.length} names came, one a line.`,
        );
      const input = {
        size: Number(side),
        channels,
        mean: parsed(mean),
        std: parsed(std),
        order,
        fit,
      };
      await answerCard(
        parseCard({ ...card, id: title.trim() || given.name, title, classes: list, input }),
      );
    } catch (error) {
      setFault(sentenceOf(error).replace(/^card\.json: /, ''));
      setBusy(false);
    }
  };
  return (
    <form noValidate onSubmit={(event) => void submit(event)}>
      <div className="dialog-head">
        <h2 id="card-title">How is {given.name} fed?</h2>
      </div>
      <p className="panel-help">
        {outputs === null
          ? 'The file leaves the size of the images open. '
          : `The file says that it takes ${size} × ${size} pixels in ${given.channels} channel${given.channels === 1 ? '' : 's'} and gives ${outputs} numbers. `}
        What it does not say is asked here: it decides whether the numbers are right.
      </p>
      <div className="card-fields">
        <label className="field">
          Name
          <input
            name="title"
            value={title}
            maxLength={80}
            onChange={(event) => setTitle(event.target.value)}
          />
        </label>
        <label className="field">
          Height and width, in pixels
          <input
            name="size"
            inputMode="numeric"
            value={side}
            readOnly={size !== null}
            onChange={(event) => setSide(event.target.value)}
          />
        </label>
        {given.channels === null && (
          <label className="field">
            Channels
            <select
              name="channels"
              value={channels}
              onChange={(event) => setChannels(Number(event.target.value))}
            >
              <option value={3}>3, colour</option>
              <option value={1}>1, grey</option>
            </select>
          </label>
        )}
        <label className="field">
          Values as in
          <select
            name="preset"
            value={chosen?.id ?? 'own'}
            onChange={(event) => choosePreset(event.target.value)}
          >
            {PRESETS.map(({ id, title: name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
            <option value="own">its own mean and std</option>
          </select>
        </label>
        <label className="field">
          Mean, for pixels in 0…1
          <input name="mean" value={mean} onChange={(event) => setMean(event.target.value)} />
        </label>
        <label className="field">
          Std
          <input name="std" value={std} onChange={(event) => setStd(event.target.value)} />
        </label>
        {channels === 3 && (
          <label className="field">
            Order of the colours
            <select
              name="order"
              value={order}
              onChange={(event) => setOrder(event.target.value === 'bgr' ? 'bgr' : 'rgb')}
            >
              <option value="rgb">red, green, blue</option>
              <option value="bgr">blue, green, red</option>
            </select>
          </label>
        )}
        <label className="field">
          Images of another size
          <select
            name="fit"
            value={fit}
            onChange={(event) => setFit(event.target.value === 'pad' ? 'pad' : 'resize')}
          >
            <option value="resize">are resized; grey becomes colour</option>
            <option value="pad">get black around them</option>
          </select>
        </label>
        <label className="field card-classes">
          Names of its outputs, one a line
          {alike && !card && `: those of ${known.title} stand here, as there are as many`}
          <textarea
            name="classes"
            rows={6}
            value={classes}
            onChange={(event) => setClasses(event.target.value)}
          />
        </label>
      </div>
      {fault !== null && (
        <p className="fault" role="alert">
          {fault}
        </p>
      )}
      <div className="dialog-buttons">
        <button type="submit" className="button primary" disabled={isBusy}>
          Open
        </button>
        <button type="button" className="button" onClick={dropCard}>
          Cancel
        </button>
      </div>
    </form>
  );
}
