import { useOwn } from '../../state/network/own.ts';
import { later } from '../shared/later.tsx';

const CardDialog = later(0, async () => (await import('./CardDialog.tsx')).CardDialog);

/** Asks for the card of a network that a person opened, if one waits. */
export function Cards() {
  const asked = useOwn((own) => own.asked);
  return asked && <CardDialog asked={asked} />;
}
