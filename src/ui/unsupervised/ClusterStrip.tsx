import { clustererFor } from '../../network/catalogue.ts';
import { isClustering } from '../../core/meaning.ts';
import { titleOf, useImages } from '../../state/lease/images.ts';
import { useClusters } from '../../state/unsupervised/choices.ts';
import { startClusters, traceHere, trainHere } from '../../state/unsupervised/run.ts';
import { clearSelection } from '../../state/scene/selection.ts';
import { count, percent, plural } from '../shared/format.ts';
import { useScene, useRun, useShown } from '../shared/scene.ts';

/** Says that the clustering on screen was recorded: of what, how well it went, where; and what it takes to train one here. */
export function ClusterStrip() {
  const scene = useScene();
  const recorded = useRun((state) => state.recorded);
  const dataset = useRun((state) => state.dataset);
  const status = useRun((state) => state.status);
  const train = useShown((state) => state.train);
  const test = useShown((state) => state.test);
  const labelled = useClusters((choices) => choices.labelled);
  const available = useImages((images) => images.available);
  if (!recorded || !isClustering(recorded) || !test) return null;
  const { provenance, budget } = recorded;
  const { options } = provenance;
  const title = titleOf(recorded.dataset);
  const { trainImages } = provenance;
  const clustered = Number(options.clustered ?? trainImages + test.count);
  const busy = status === 'loading' || status === 'running';
  const imagesHere = available.has(recorded.dataset) || dataset !== null;
  return (
    <section className="recorded" aria-label="Recorded run">
      <p>
        <strong className="badge">Recorded</strong> {plural(clustered, 'image')} of {title}{' '}
        clustered without their classes
        {budget && `, ${plural(budget.epochs, 'epoch')} of pretraining`}
        {options.seed !== undefined && `, seed ${options.seed}`}
        {labelled && <Scores options={options} />}. Traced {count(test.count)} test images
        {train && ` and ${count(train.count)} training images`}. {provenance.backend}, commit{' '}
        <code>{provenance.commit}</code>.{!dataset && imagesHere && ' The images are on their way.'}
        {!imagesHere && ` Thumbnails come with the ${title} images.`}
      </p>
      <div className="recorded-actions">
        {imagesHere ? (
          <>
            {clustererFor(recorded.dataset) && (
              <button
                type="button"
                className="button small"
                disabled={busy}
                title="Sends the images through these encoders here: every distance can then be seen"
                onClick={traceHere}
              >
                Compute it here
              </button>
            )}
            <button type="button" className="button small" disabled={busy} onClick={trainHere}>
              Train one here
            </button>
          </>
        ) : (
          <>
            <span>To train one here, the {title} images are missing.</span>
            <button
              type="button"
              className="button small"
              disabled={busy}
              onClick={() => {
                clearSelection(scene);
                startClusters({ dataset: 'strokes', start: 'fresh', source: 'live' });
              }}
            >
              Watch one train on Strokes
            </button>
          </>
        )}
      </div>
    </section>
  );
}

type Options = Readonly<Record<string, string | number | boolean>>;

/** How well DEC-large's clusters are the classes, over all images that were clustered. */
function Scores({ options }: { readonly options: Options }) {
  const { accuracyOfAll, nmiOfAll, ariOfAll } = options;
  if (typeof accuracyOfAll !== 'number') return null;
  const number = (value: string | number | boolean | undefined): string => Number(value).toFixed(2);
  return (
    <>
      : DEC-large’s clusters are the classes with ACC {percent(accuracyOfAll)}, NMI{' '}
      {number(nmiOfAll)}, ARI {number(ariOfAll)} over all of them
    </>
  );
}
