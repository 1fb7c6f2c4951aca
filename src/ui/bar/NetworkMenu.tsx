import { useImages } from '../../state/lease/images.ts';
import { useOwn } from '../../state/network/own.ts';
import { networksAtHand } from '../../state/scene/networks.ts';
import { useSettings } from '../../state/settings.ts';
import { later } from '../shared/later.tsx';
import { Popover } from '../shared/Popover.tsx';
import { useOpenedHead } from '../shared/scene.ts';

const NetworkBody = later<object>(
  200,
  () => import('./NetworkBody.tsx').then((module) => module.NetworkBody),
  'The menu of networks',
);

/** Which network: those that run here, those that are only replayed, and those that nobody has trained yet. */
export function NetworkMenu() {
  const dataset = useSettings((state) => state.dataset);
  const network = useSettings((state) => state.network);
  const opened = useOpenedHead();
  useImages((images) => images.ownShape);
  useOwn((state) => state.networks);
  const trained = networksAtHand(dataset);
  const chosen = trained.find(({ id }) => id === network) ?? trained[0];
  return (
    <Popover
      label={
        <>
          <span className="choice-name">Network</span>{' '}
          <b>{opened?.network ?? chosen?.title ?? 'none'}</b> <span aria-hidden="true">▾</span>
        </>
      }
      title="Network"
      className="network-menu"
    >
      <NetworkBody />
    </Popover>
  );
}
