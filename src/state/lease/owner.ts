/** Who has a machine that pages share: whichever of them a person asked for last. */

/** Explore's run, Compare's race, a clustering. */
export type Owner = 'explore' | 'race' | 'clusters' | 'fixture';

/** Why work on the engine was ended, when nobody stopped it: another wanted the engine. */
class EngineTaken extends DOMException {
  constructor(
    /** Who has it now; null when it was closed to start anew with another backend. */
    readonly by: Owner | null,
  ) {
    super('The engine was taken for something else.', 'AbortError');
  }
}

export class Holder {
  #holder: { readonly owner: Owner; readonly work: AbortController } | null = null;
  /** For whom the machine worked last. */
  #last: Owner | null = null;

  /** Gives the machine to `owner` until `work` is aborted or gives it back. Whatever had it before is aborted. */
  take(owner: Owner, work: AbortController): void {
    work.signal.throwIfAborted();
    const before = this.#holder;
    this.#holder = { owner, work };
    this.#last = owner;
    if (before && before.work !== work) before.work.abort(new EngineTaken(owner));
  }

  /** Takes the machine back; nothing happens when another has it by now. */
  giveBack(work: AbortController): void {
    if (this.#holder?.work === work) this.#holder = null;
  }

  /** Ends whatever has the machine: it is being closed. */
  clear(): void {
    const before = this.#holder;
    this.#holder = this.#last = null;
    before?.work.abort(new EngineTaken(null));
  }

  /** Whether what the machine has learnt is of this owner's work. */
  served(owner: Owner): boolean {
    return this.#last === owner;
  }
}

/** Who took the engine from a piece of work; undefined when nobody did. */
export function takenBy({ signal }: { readonly signal: AbortSignal }): Owner | null | undefined {
  return signal.reason instanceof EngineTaken ? signal.reason.by : undefined;
}
