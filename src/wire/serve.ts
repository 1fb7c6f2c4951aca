/** The worker's end: each call goes to its handler and is answered once; what it gives is handed over, not copied. */
import { buffersOf } from './buffers.ts';
import type { CallMessage, Calls, Message, ProgressOf, Send } from './messages.ts';

/** What a handler has beside its request. */
export interface Context<Progress> {
  /** Aborted when nobody waits for the call any more. */
  readonly signal: AbortSignal;
  readonly tell: (progress: Progress) => void;
}

export type Handlers<Of extends Calls<Of>> = {
  readonly [Name in keyof Of]: (
    request: Of[Name]['request'],
    context: Context<ProgressOf<Of[Name]>>,
  ) => Of[Name]['result'] | Promise<Of[Name]['result']>;
};

export interface ServeOptions {
  /** What is said of an error on the other side. */
  readonly wordsFor?: (error: unknown) => { readonly name: string; readonly message: string };
  /** Why an error means that all the worker holds is gone; null for any other. */
  readonly lossOf?: (error: unknown) => string | null;
}

export interface Server<Of extends Calls<Of>> {
  /** Give it each message that comes in, in order. */
  readonly receive: (message: Message<Of>) => void;
  /** Says, once, that nothing which this worker holds can be used any more. */
  readonly lose: (reason: string) => void;
}

export function serve<Of extends Calls<Of>>(
  send: Send,
  handlers: Handlers<Of>,
  { wordsFor = wordsOf, lossOf = () => null }: ServeOptions = {},
): Server<Of> {
  const running = new Map<number, AbortController>();
  let isLost = false;

  const lose = (reason: string): void => {
    if (isLost) return;
    isLost = true;
    send({ type: 'lost', message: reason }, []);
  };
  const fail = (id: number, error: unknown): void => {
    const loss = lossOf(error);
    if (loss === null) send({ id, type: 'error', ...wordsFor(error) }, []);
    else lose(loss);
  };

  const answer = async <Name extends keyof Of>(
    { id, type, request }: CallMessage<Of, Name>,
    signal: AbortSignal,
  ): Promise<unknown> => {
    const tell = (progress: unknown): void => send({ id, type: 'progress', progress }, []);
    return handlers[type](request, { signal, tell });
  };

  const receive = (message: Message<Of>): void => {
    const { id } = message;
    if (!('request' in message)) {
      running.get(id)?.abort();
      return;
    }
    const controller = new AbortController();
    running.set(id, controller);
    void answer(message, controller.signal)
      .then(
        (value) => send({ id, type: 'result', value }, buffersOf(value)),
        (error: unknown) => fail(id, error),
      )
      .finally(() => running.delete(id));
  };
  return { receive, lose };
}

function wordsOf(error: unknown): { name: string; message: string } {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  return { name: error.name, message: error.message };
}
