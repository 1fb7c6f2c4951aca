import { useOwn } from '../../state/network/own.ts';
import { later } from '../shared/later.tsx';

const Opening = later(0, async () => (await import('./Opening.tsx')).Opening);

/** A network that a person opens: how far it is, and what is asked of it. */
export function Cards() {
  const isOpening = useOwn(({ underway, asked }) => underway !== null || asked !== null);
  return isOpening && <Opening />;
}
