/** Who has the engine: Explore's run, Compare's race or a clustering, whichever a person asked for last. */

export type Owner = 'explore' | 'race' | 'clusters';

/** Why work on the engine was ended, when nobody stopped it: another wanted the engine. */
class EngineTaken extends DOMException {
  constructor(
    /** Who has it now; null when it was closed to start anew with another backend. */
    readonly by: Owner | null,
  ) {
    super('The engine was taken for something else.', 'AbortError');
  }
}

let holder: { readonly owner: Owner; readonly work: AbortController } | null = null;
/** For whom the engine computed last. */
let last: Owner | null = null;

/** Gives the engine to `owner` until `work` is aborted or gives it back. Whatever had it before is aborted. */
export function takeEngine(owner: Owner, work: AbortController): void {
  work.signal.throwIfAborted();
  const before = holder;
  holder = { owner, work };
  last = owner;
  if (before && before.work !== work) before.work.abort(new EngineTaken(owner));
}

/** Gives the engine back; nothing happens when another has it by now. */
export function giveEngineBack(work: AbortController): void {
  if (holder?.work === work) holder = null;
}

/** Ends whatever has the engine: it is being closed. */
export function clearEngine(): void {
  const before = holder;
  holder = last = null;
  before?.work.abort(new EngineTaken(null));
}

/** Whether what the engine has learnt is of this owner's work. */
export function engineServed(owner: Owner): boolean {
  return last === owner;
}

/** Who took the engine from a piece of work; undefined when nobody did. */
export function takenBy({ signal }: AbortController): Owner | null | undefined {
  return signal.reason instanceof EngineTaken ? signal.reason.by : undefined;
}
