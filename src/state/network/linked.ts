/** A network that a link names by its address: fetched once, when Explore is shown. */
import { notify, sentenceOf } from '../notices.ts';
import { useSettings } from '../settings.ts';
import { isAddress, useOwn } from './own.ts';

const asked = new Set<string>();

/** Opens what the settings name by an address, if it is not here yet; false where nothing is to be fetched. */
export function openLinkedNetwork(): boolean {
  const { network } = useSettings.getState();
  if (network === null || !isAddress(network)) return false;
  if (useOwn.getState().networks.has(network) || asked.has(network)) return false;
  asked.add(network);
  import('./open.ts').then(
    ({ openNetworkAddress }) => openNetworkAddress(network),
    (error: unknown) => notify('error', sentenceOf(error)),
  );
  return true;
}
