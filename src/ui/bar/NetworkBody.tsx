import { networksFor, trainingCommands, type CatalogueNetwork } from '../../network/catalogue.ts';
import { OWN, useImages } from '../../state/lease/images.ts';
import { ownNetworks, useOwn } from '../../state/network/own.ts';
import { useRuns } from '../../state/lease/runs.ts';
import { networksAtHand } from '../../state/scene/networks.ts';
import { chooseAndRun } from '../../state/explore/run.ts';
import { useSettings } from '../../state/settings.ts';
import { OwnExits } from '../network/OwnExits.tsx';
import { OpenNetwork } from '../network/OpenNetwork.tsx';
import { accuracyOf, trainingOf } from '../shared/cardWords.ts';
import { bytes, flops } from '../shared/format.ts';
import { useOpenedHead, useRun } from '../shared/scene.ts';
import { ownImages, using } from '../shared/takeAway.ts';

/** What the menu of networks holds; it comes when the menu is opened. */
export function NetworkBody() {
  const dataset = useSettings((state) => state.dataset);
  const network = useSettings((state) => state.network);
  const card = useRun((session) => session.card);
  const index = useRuns((runs) => runs.index);
  const opened = useOpenedHead();
  useImages((images) => images.ownShape);
  const pictures = useImages((images) => dataset === OWN && images.ownPictures !== null);
  const own = useOwn((state) => state.networks);
  const trained = networksAtHand(dataset);
  const all = dataset === OWN ? trained : [...networksFor(dataset), ...ownNetworks()];
  const chosen = trained.find(({ id }) => id === network) ?? trained[0];
  const isRecorded = (id: string): boolean =>
    index?.runs.some((run) => run.network === id && run.dataset === dataset) ?? false;
  return (
    <>
      <ul className="datasets">
        {all.map((entry) => (
          <li key={entry.id}>
            {entry.weights === 'none' ? (
              <Untrained network={entry} />
            ) : (
              <button
                type="button"
                className="dataset"
                aria-pressed={entry.id === chosen?.id && !opened}
                onClick={() => {
                  if (pictures) void using(ownImages, ({ openOwnOn }) => openOwnOn(entry));
                  else chooseAndRun({ network: entry.id, source: 'auto' });
                }}
              >
                <b>{entry.title}</b>
                <span>{availability(entry, isRecorded(entry.id))}</span>
              </button>
            )}
          </li>
        ))}
        {all.length === 0 && <li className="panel-help">None is known for these images.</li>}
      </ul>
      {chosen && chosen.weights === 'elsewhere' && (
        <HowTo network={chosen} title={`Compute with ${chosen.title} here`} />
      )}
      <OpenNetwork />
      {chosen && own.has(chosen.id) && (
        <button type="button" className="button small" onClick={() => changeCard(chosen.id)}>
          Change how {chosen.title} is fed …
        </button>
      )}
      {chosen && own.has(chosen.id) && <OwnExits id={chosen.id} />}
      {card && (card.id === chosen?.id || own.get(chosen?.id ?? '')?.files.card.id === card.id) && (
        <dl className="facts">
          <dt>{card.title}</dt>
          <dd>
            {card.multiplyAccumulates > 0 && `${flops(2 * card.multiplyAccumulates)} an image, `}
            {card.weightsBytes > 0 && `${bytes(card.weightsBytes)} of weights`}
            {card.quantisation && ` (${card.quantisation})`}
          </dd>
          <dt>Plain accuracy, from its card</dt>
          <dd>
            {accuracyOf(card, 2)}, after {trainingOf(card)}
          </dd>
        </dl>
      )}
    </>
  );
}

function changeCard(id: string): void {
  void import('../../state/network/open.ts').then(({ askCardAgain }) => askCardAgain(id));
}

function availability({ weights }: CatalogueNetwork, recorded: boolean): string {
  if (weights === 'elsewhere')
    return 'replay only: its weights are too large to come with the page';
  return recorded ? 'runs live here, and is recorded' : 'runs live here';
}

function Untrained({ network }: { readonly network: CatalogueNetwork }) {
  return (
    <div className="dataset untrained">
      <b>{network.title}</b>
      <span>not trained yet</span>
      <HowTo network={network} title="How to train it" />
    </div>
  );
}

interface HowToProps {
  readonly network: CatalogueNetwork;
  readonly title: string;
}

/** The commands, to be copied. */
function HowTo({ network, title }: HowToProps) {
  return (
    <details className="how-to">
      <summary>{title}</summary>
      <p className="panel-help">
        From a checkout of the repository, with OFFRAMP_DATA naming a folder of the published files:
      </p>
      <pre tabIndex={0}>{trainingCommands(network).join('\n')}</pre>
    </details>
  );
}
