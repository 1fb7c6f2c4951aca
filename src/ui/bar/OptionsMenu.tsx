import { useState, type FormEvent } from 'react';
import { AGREEMENTS } from '../../methods/e2cm-sdn/options.ts';
import { METHODS } from '../../methods/registry.ts';
import { STROKES_IMAGES } from '../../state/lease/images.ts';
import { chooseAndRun } from '../../state/explore/run.ts';
import { useSession } from '../../state/scene/run.ts';
import {
  MAX_IMAGES,
  MAX_SEED,
  holdouts,
  useSettings,
  type Settings,
} from '../../state/settings.ts';
import { bytes, flops, percent } from '../shared/format.ts';
import { agreementWords, hasAgreement } from '../shared/methods.ts';
import { Popover } from '../shared/Popover.tsx';

/** How many images, which seed, and where the paper and its released code differ. */
export function OptionsMenu() {
  const settings = useSettings();
  const { report, network } = useSession();
  const strokes = settings.dataset === 'strokes';
  return (
    <Popover label="Options" title="Options of the run" className="options-menu">
      <OptionsForm key={JSON.stringify(settings)} settings={settings} strokes={strokes} />
      {network && report && (
        <dl className="facts">
          <dt>Plain network</dt>
          <dd>
            {flops(network.flops)} an image, {bytes(network.weightBytes)} of weights,{' '}
            {percent(network.card.testAccuracy.after)} on{' '}
            {network.card.testImages.toLocaleString('en-US')} test images (its card),{' '}
            {network.card.epochs} epochs
          </dd>
          {'classMeanBytes' in report && (
            <>
              <dt>Class means</dt>
              <dd>{bytes(report.classMeanBytes)} as float32, over all exits</dd>
              <dt>Label rules disagree</dt>
              <dd>
                on {percent(mean(report.labelDisagreement.test), 2)} of (test image, exit) pairs:
                normalised against raw distance
              </dd>
            </>
          )}
        </dl>
      )}
    </Popover>
  );
}

function seedOf(strokes: boolean, trains: boolean): string {
  const of = [strokes && 'images', trains && 'training', 'searches'].filter(
    (part) => part !== false,
  );
  return `Seed of ${of.join(', ').replace(/, (\w+)$/, ' and $1')}`;
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

interface OptionsFormProps {
  readonly settings: Settings;
  readonly strokes: boolean;
}

function OptionsForm({ settings, strokes }: OptionsFormProps) {
  const [draft, setDraft] = useState(settings);
  const change = (part: Partial<Settings>): void => setDraft({ ...draft, ...part });
  const trains = METHODS[draft.method].trainsFor !== null;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    chooseAndRun({ ...draft, source: 'live' });
  };
  const number = (
    name: 'seed' | 'trainImages' | 'testImages',
    label: string,
    most: number,
    empty: string,
  ) => (
    <label className="field">
      <span>{label}</span>
      <input
        type="number"
        min={0}
        max={most}
        step={1}
        placeholder={empty}
        value={name !== 'seed' && draft[name] === 0 ? '' : draft[name]}
        onChange={(event) => change({ [name]: Math.trunc(Number(event.target.value)) })}
      />
    </label>
  );
  return (
    <form className="options" onSubmit={submit}>
      {number(
        'trainImages',
        trains ? 'Training images' : 'Training images for the class means',
        MAX_IMAGES,
        strokes ? `${STROKES_IMAGES.train}` : 'all',
      )}
      {number('testImages', 'Test images', MAX_IMAGES, strokes ? `${STROKES_IMAGES.test}` : 'all')}
      {number('seed', seedOf(strokes, trains), MAX_SEED, '1')}
      <label className="field">
        <span>Thresholds are chosen on</span>
        <select
          value={draft.holdout}
          onChange={(event) => change({ holdout: Number(event.target.value) })}
        >
          {holdouts.map((share) => (
            <option key={share} value={share}>
              {share === 0
                ? 'the training images (paper)'
                : `${percent(share, 0)} of them, from which nothing is learnt`}
            </option>
          ))}
        </select>
      </label>
      {draft.method === 'e2cm' && (
        <>
          <label className="field">
            <span>Label of an exit</span>
            <select
              value={draft.label}
              onChange={(event) => change({ label: event.target.value as Settings['label'] })}
            >
              <option value="normalised">nearest after normalising (paper, eq. 7)</option>
              <option value="raw">nearest raw distance (released code)</option>
            </select>
          </label>
          <label className="field">
            <span>Last exit</span>
            <select
              value={draft.lastExit}
              onChange={(event) => change({ lastExit: event.target.value as Settings['lastExit'] })}
            >
              <option value="network">the network’s own output (paper)</option>
              <option value="nearest-mean">nearest class mean of the logits (released code)</option>
            </select>
          </label>
        </>
      )}
      {hasAgreement(draft.method) && (
        <label className="field">
          <span>An image leaves</span>
          <select
            value={draft.agreement}
            onChange={(event) => change({ agreement: event.target.value as Settings['agreement'] })}
          >
            {AGREEMENTS.map((rule) => (
              <option key={rule} value={rule}>
                {agreementWords[rule].choice}
              </option>
            ))}
          </select>
        </label>
      )}
      {draft.method === 'sdn' && (
        <label className="field">
          <span>An image that no classifier lets go takes</span>
          <select
            value={draft.unconfident}
            onChange={(event) =>
              change({ unconfident: event.target.value as Settings['unconfident'] })
            }
          >
            <option value="network">the network’s own output</option>
            <option value="most-confident">the most confident output (released code)</option>
          </select>
        </label>
      )}
      <button type="submit" className="button primary">
        Run with these
      </button>
    </form>
  );
}
