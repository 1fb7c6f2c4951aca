import { catalogue, isDatasetId } from '../../data/catalogue.ts';
import { titleOf, useImages } from '../../state/lease/images.ts';
import {
  chooseClusters,
  presetOf,
  presets,
  useClusters,
  type ClusterChoices,
  type Preset,
} from '../../state/unsupervised/choices.ts';
import { imagesOf, roughSeconds } from '../../state/unsupervised/estimate.ts';
import { numberFields } from '../../state/unsupervised/fields.ts';
import { startClusters } from '../../state/unsupervised/run.ts';
import { all } from '../shared/all.ts';
import { plural } from '../shared/format.ts';
import { NumberField } from './NumberField.tsx';
import './ClusterSettings.css';

const presetWords: Readonly<Record<Preset, { readonly name: string; readonly about: string }>> = {
  quick: { name: 'Quick', about: 'worth watching' },
  long: { name: 'Long', about: 'as the recorded runs' },
};

/** How a training on this machine goes: a ready-made setting, or numbers of one's own. */
export function ClusterSettings() {
  const choices = useClusters(all);
  const chosen = presetOf(choices);
  return (
    <>
      <p className="panel-help">
        For <b>Train here</b>: three encoders learn from the images alone. Classes are never shown
        to them.
      </p>
      <div className="cluster-presets" role="group" aria-label="Ready-made settings">
        {(Object.keys(presets) as Preset[]).map((preset) => (
          <button
            key={preset}
            type="button"
            className="cluster-preset"
            aria-pressed={preset === chosen}
            onClick={() => chooseClusters(presets[preset])}
          >
            <b>{presetWords[preset].name}</b>
            <span>{presetWords[preset].about}</span>
            <Duration choices={{ ...choices, ...presets[preset] }} />
          </button>
        ))}
      </div>
      <fieldset className="cluster-fields">
        <legend>{chosen ? 'In numbers' : 'Your own numbers'}</legend>
        {numberFields.map((field) => (
          <NumberField key={field.name} field={field} />
        ))}
      </fieldset>
      <label className="cluster-labelled">
        <input
          type="checkbox"
          checked={choices.labelled}
          onChange={(event) => startClusters({ labelled: event.target.checked })}
        />
        Use the classes for measuring
      </label>
      <p className="panel-help">
        {choices.labelled
          ? 'Nothing learns from them: they measure the clusters (ACC, NMI, ARI) and name them.'
          : 'Clusters then have numbers for names, and the exits are measured by how often they agree with DEC-large.'}
      </p>
      {chosen === null && (
        <p className="panel-help">
          <Duration choices={choices} />
        </p>
      )}
    </>
  );
}

/** How many images, and about how long. */
export function Duration({ choices }: { readonly choices: ClusterChoices }) {
  const available = useImages((images) => images.available);
  const { dataset } = choices;
  const all =
    available.get(dataset) ??
    (isDatasetId(dataset) ? catalogue[dataset].counts : { train: 0, test: 0 });
  return (
    <span className="cluster-duration">
      {plural(imagesOf(choices, all), 'image')} of {titleOf(dataset)},{' '}
      {about(roughSeconds(choices, all))} on two cores
    </span>
  );
}

/** "about 40 s": no more digits than the estimate has. */
function about(seconds: number): string {
  if (seconds < 10) return 'some seconds';
  if (seconds < 90) return `about ${Math.ceil(seconds / 10) * 10} s`;
  if (seconds < 5400) return `about ${Math.ceil(seconds / 60)} min`;
  return `about ${Math.ceil(seconds / 3600)} hours`;
}
