/**
 * The wire between a page (or Node) and a worker. A worker's calls are described once, as a type: by name what is given,
 * what is answered and what is told on the way. Both ends take their types from that description; between them messages
 * are plain data, and what they hold is believed because both ends are built from the same one.
 */

/** What a call gives, what it answers, and what it tells before it answers. */
export interface Call {
  readonly request: object;
  readonly result: unknown;
  readonly progress?: unknown;
}

/** A description of all calls of a worker. */
export type Calls<Of> = { readonly [Name in keyof Of]: Call };

export type ProgressOf<One extends Call> = One extends { readonly progress: infer Progress }
  ? Progress
  : never;

/** Calls are numbered by whoever makes them; a worker starts them in the order in which they arrive. */
export type CallMessage<Of extends Calls<Of>, Name extends keyof Of = keyof Of> = {
  [One in Name]: {
    readonly id: number;
    readonly type: One;
    readonly request: Of[One]['request'];
  };
}[Name];

export type Message<Of extends Calls<Of>> =
  | CallMessage<Of>
  /** Nobody waits for that call any more. */
  | { readonly id: number; readonly type: 'cancel' };

/** A call is answered once, with `result` or `error`. */
export type Answer =
  | { readonly id: number; readonly type: 'result'; readonly value: unknown }
  /** @property name of the error: an AbortError is known by it on the other side. */
  | { readonly id: number; readonly type: 'error'; readonly name: string; readonly message: string }
  | { readonly id: number; readonly type: 'progress'; readonly progress: unknown }
  /** At any time: nothing that this worker holds can be used any more. */
  | { readonly type: 'lost'; readonly message: string };

/**
 * The caller's end of a wire: a Web Worker, a Node worker thread, or a stand-in in a test.
 * @template Of the description of the calls that it takes.
 */
export interface Port<Of extends Calls<Of>> {
  post(message: Message<Of>, transfer: ArrayBuffer[]): void;
  /** Set once, before the first post. */
  listen(onAnswer: (answer: Answer) => void, onDeath: (reason: string) => void): void;
  terminate(): void;
}

/** Sends an answer; the buffers are handed over. */
export type Send = (answer: Answer, transfer: ArrayBuffer[]) => void;
