/** A Web Worker as a port. */
import { Watch, type Sign } from './life.ts';
import type { Answer, Calls, Message, Port } from './messages.ts';

/** The part of `Worker` that is used here, so that a test can stand in for it. */
export interface WorkerLike<Of extends Calls<Of>> {
  postMessage(message: Message<Of>, transfer: ArrayBuffer[]): void;
  onmessage: ((event: MessageEvent<Answer | Sign>) => void) | null;
  onmessageerror?: ((event: MessageEvent) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  terminate(): void;
}

export function portOf<Of extends Calls<Of>>(worker: WorkerLike<Of>): Port<Of> {
  let watch: Watch | null = null;
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    listen: (onAnswer, onDeath) => {
      const watching = (watch = new Watch(onDeath));
      worker.onmessage = ({ data }) => {
        if (data.type === 'alive') watching.born(data);
        else onAnswer(data);
      };
      worker.onerror = (event) => {
        // Told to whoever waits; the browser need not say it again. A stand-in's event is its message alone.
        if ('preventDefault' in event) event.preventDefault();
        onDeath(event.message || 'its code could not be loaded');
      };
      worker.onmessageerror = () => onDeath('a message could not be read');
    },
    terminate: () => {
      watch?.end();
      worker.terminate();
    },
  };
}
