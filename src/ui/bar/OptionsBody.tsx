import { useState, type SubmitEvent } from 'react';
import type { OptionValue } from '../../core/options/option.ts';
import { trainsFor } from '../../methods/registry.ts';
import { STROKES_IMAGES } from '../../state/lease/images.ts';
import { chooseAndRun } from '../../state/explore/run.ts';
import { offeredOptions, runOptions, useSettings, type Settings } from '../../state/settings.ts';
import { bytes, flops, percent } from '../shared/format.ts';
import { accuracyOf, epochsOf } from '../shared/cardWords.ts';
import { OptionControl } from '../shared/OptionControl.tsx';
import { all } from '../shared/all.ts';
import { useRun } from '../shared/scene.ts';

/** What the menu of options holds; it comes when the menu is opened. */
export function OptionsBody() {
  const settings = useSettings(all);
  const report = useRun((state) => state.report);
  const network = useRun((state) => state.network);
  const strokes = settings.dataset === 'strokes';
  return (
    <>
      <OptionsForm key={JSON.stringify(settings)} settings={settings} strokes={strokes} />
      {network && report && (
        <dl className="facts">
          <dt>Plain network</dt>
          <dd>
            {flops(network.flops)} an image, {bytes(network.weightBytes)} of weights,{' '}
            {accuracyOf(network.card)} (its card), {epochsOf(network.card)}
            {network.scores === 'probabilities' && '; its outputs are probabilities'}
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
    </>
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
  const values: Readonly<Record<string, unknown>> = { ...draft };
  const trains = trainsFor(draft.method) !== null;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    chooseAndRun({ ...draft, source: 'live' });
  };
  return (
    <form className="options" onSubmit={submit}>
      {offeredOptions(draft.method)
        .filter(([, { place }]) => place === 'menu')
        .map(([name, option]) => (
          <OptionControl
            key={name}
            option={option}
            value={(values[name] as OptionValue | undefined) ?? option.usual}
            onChange={(value) => setDraft({ ...draft, [name]: value })}
            {...(option === runOptions.seed && { title: seedOf(strokes, trains) })}
            {...(option.counts && strokes && { empty: `${STROKES_IMAGES[option.counts]}` })}
          />
        ))}
      <button type="submit" className="button primary">
        Run with these
      </button>
    </form>
  );
}
