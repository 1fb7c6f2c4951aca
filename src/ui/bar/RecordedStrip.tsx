import { catalogue, isDatasetId } from '../../data/catalogue.ts';
import { titleOf, useImages } from '../../state/lease/images.ts';
import { chooseAndRun, computeHere } from '../../state/explore/run.ts';
import { clearSelection } from '../../state/scene/selection.ts';
import { isMethodId, METHODS } from '../../methods/registry.ts';
import { trainedFor } from '../../network/catalogue.ts';
import { count, plural } from '../shared/format.ts';
import { epochsOf } from '../shared/cardWords.ts';
import { methodWords, variantName } from '../shared/methods.ts';
import { useScene, useRun, useShown } from '../shared/scene.ts';
import './RecordedStrip.css';

/** Says that what is on screen was recorded: of what, where, when; and what it takes to compute it here. */
export function RecordedStrip() {
  const scene = useScene();
  const recorded = useRun((state) => state.recorded);
  const card = useRun((state) => state.card);
  const dataset = useRun((state) => state.dataset);
  const status = useRun((state) => state.status);
  const train = useShown((state) => state.train);
  const test = useShown((state) => state.test);
  const available = useImages((images) => images.available);
  if (!recorded || !test) return null;
  const { provenance } = recorded;
  const title = titleOf(recorded.dataset);
  const inAll = isDatasetId(recorded.dataset) ? catalogue[recorded.dataset].counts.train : 0;
  const images = `${count(provenance.trainImages)} ${provenance.trainImages < inAll ? `of ${count(inAll)} ` : ''}training images`;
  const learnt = methodWords(recorded.method).learnt(images);
  const { seed } = provenance.options;
  const variant = variantName(recorded.method, provenance.options);
  // The card's epochs are those of the network that was trained alone.
  const isJoint = isMethodId(recorded.method) && 'ownNetwork' in METHODS[recorded.method];
  const busy = status === 'loading' || status === 'running';
  const weightsHere =
    trainedFor(recorded.dataset).find(({ id }) => id === recorded.network)?.weights === 'here';
  const imagesHere = available.has(recorded.dataset) || dataset !== null;
  const lacking = [
    !imagesHere && `the ${title} images`,
    !weightsHere && 'the network’s weights',
  ].filter((word) => word !== false);
  return (
    <section className="recorded" aria-label="Recorded run">
      <p>
        <strong className="badge">Recorded</strong> {card?.title ?? recorded.network}
        {card && !isJoint && ` (${epochsOf(card)})`}: {learnt}
        {variant && `, ${variant}`}
        {recorded.budget && ` for ${plural(recorded.budget.epochs, 'epoch')}, seed ${seed}`}; traced{' '}
        {count(test.count)} test images
        {train &&
          ` and ${recorded.train.images ? '' : 'the first '}${count(train.count)} training images`}
        . {provenance.backend}, commit <code>{provenance.commit}</code>
        {provenance.seed !== null && `, seed ${provenance.seed}`}.
        {!dataset && imagesHere && ' The images are on their way.'}
        {!imagesHere && ` Thumbnails come with the ${title} images.`}
      </p>
      <div className="recorded-actions">
        {lacking.length === 0 ? (
          <button
            type="button"
            className="button small"
            disabled={busy}
            onClick={() => void computeHere()}
          >
            Compute it here
          </button>
        ) : (
          <>
            <span>To compute it here, {lacking.join(' and ')} are missing.</span>
            <button
              type="button"
              className="button small"
              disabled={busy}
              onClick={() => {
                clearSelection(scene);
                chooseAndRun({ dataset: 'strokes', network: null, source: 'live' });
              }}
            >
              Watch a live run on Strokes
            </button>
          </>
        )}
      </div>
    </section>
  );
}
