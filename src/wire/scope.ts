/** The scope of a Web Worker as the server's end of a wire. */
import { sayAlive } from './life.ts';
import type { Calls, Message, Send } from './messages.ts';

declare const self: DedicatedWorkerGlobalScope;

/** @param make gets the way to the other side, and gives what takes each message that comes from there. */
export function answerHere<Of extends Calls<Of>>(
  make: (send: Send) => (message: Message<Of>) => void,
): void {
  const receive = make((answer, transfer) => self.postMessage(answer, transfer));
  self.onmessage = ({ data }: MessageEvent<Message<Of>>) => receive(data);
  sayAlive((sign) => self.postMessage(sign));
}
