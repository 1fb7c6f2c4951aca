/**
 * Attempts at something that takes a while: a run, a race, a clustering, searches. Of one lane the latest counts; an
 * attempt writes nothing once another has superseded it, and has shared machines under the name of its lane.
 */
import type { Dataset } from '../../core/dataset.ts';
import type { LoadProgress, LoadRequest } from '../../data/client.ts';
import { isAbort } from '../../data/errors.ts';
import type { ImageOrder } from '../../data/order.ts';
import type { Engine } from '../../engine/client/types.ts';
import { data } from '../lease/images.ts';
import { engine } from '../lease/engine.ts';
import { takenBy, type Owner } from '../lease/owner.ts';
import { dismissErrors } from '../notices.ts';

/** Where attempts follow each other. */
export class Lane {
  #latest: Attempt | null = null;

  /**
   * @param owner whose engine its attempts use.
   * @param purpose what tells its loads of images from those of the owner's other lanes.
   */
  constructor(
    readonly owner: Owner,
    readonly purpose = 'work',
  ) {}

  get latest(): Attempt | null {
    return this.#latest;
  }

  /** Begins an attempt; the one before ends. */
  begin(): Attempt {
    this.stop();
    return (this.#latest = new Attempt(this));
  }

  /** Ends the attempt of now; what it has finished by then it may still write. */
  stop(): void {
    this.#latest?.controller.abort(new DOMException('Something else was asked for.', 'AbortError'));
  }

  /** The attempt of now, or a new one where that has ended. */
  ongoing(): Attempt {
    return this.#latest && !this.#latest.signal.aborted ? this.#latest : this.begin();
  }
}

export class Attempt {
  readonly controller = new AbortController();
  readonly #lane: Lane;
  readonly #whole: Attempt;
  readonly #begun = new Map<string, Promise<void>>();

  /** @param whole the attempt that this one is a part of. */
  constructor(lane: Lane, whole: Attempt | null = null) {
    this.#lane = lane;
    this.#whole = whole ?? this;
    whole?.signal.addEventListener('abort', () => this.controller.abort(whole.signal.reason));
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  get isLatest(): boolean {
    return this.#lane.latest === this.#whole;
  }

  /** A part that can lose the engine without ending the rest. */
  part(): Attempt {
    return new Attempt(this.#lane, this.#whole);
  }

  /** Writes to a store, unless a later attempt has begun. */
  write(change: () => void): void {
    if (this.isLatest) change();
  }

  /** Says how far it is, unless it has ended or a later one has begun. */
  say(change: () => void): void {
    if (this.isLatest && !this.signal.aborted) change();
  }

  /** Begins a piece of work that this attempt does once, whoever asks for it. */
  once(name: string, work: () => Promise<void>): Promise<void> {
    const known = this.#begun.get(name);
    if (known) return known;
    const begun = work();
    this.#begun.set(name, begun);
    return begun;
  }

  /** A piece of work that came to nothing may be begun again. */
  forget(name: string): void {
    this.#begun.delete(name);
  }

  /** Takes the engine, started where it is not running, until it is given back or another takes it. */
  engine(): Promise<Engine> {
    engine.holder.take(this.#lane.owner, this.controller);
    return engine.running();
  }

  /** Loads images. A later load of the same lane wins over this one, one of another lane does not. */
  images(
    request: LoadRequest<File>,
    options: {
      readonly onProgress?: (progress: LoadProgress) => void;
      readonly order?: ImageOrder;
    } = {},
  ): Promise<Dataset> {
    const { owner, purpose } = this.#lane;
    const { onProgress, order } = options;
    return data().load(request, {
      owner: `${owner} ${purpose}`,
      signal: this.signal,
      order,
      onProgress: onProgress && ((progress) => this.say(() => onProgress(progress))),
    });
  }

  giveBack(): void {
    engine.holder.giveBack(this.controller);
  }
}

/** How an attempt ended that did not come to its end. */
export interface End {
  /** What went wrong; null where it was stopped, or lost the engine. */
  readonly error: unknown;
  /** Who took the engine from it; null where the engine was closed, undefined where nobody took it. */
  readonly by: Owner | null | undefined;
}

/**
 * Makes an attempt. `ended` hears how it ended early, unless a later one has begun by then.
 * @param steps what it does; what it throws ends it.
 */
export async function attempt(
  lane: Lane,
  steps: (mine: Attempt) => Promise<void>,
  ended: (end: End, mine: Attempt) => void | Promise<void>,
): Promise<void> {
  const mine = lane.begin();
  dismissErrors();
  try {
    await steps(mine);
  } catch (error) {
    const by = takenBy(mine);
    // What else it has begun must not go on to say how far it is.
    mine.controller.abort();
    if (mine.isLatest) await ended({ error: isAbort(error) ? null : error, by }, mine);
  } finally {
    mine.giveBack();
  }
}
