/** This machine's engine: started when it is needed, shared by the pages, and had by one of them at a time. */
import { create } from 'zustand';
import type { BackendInfo, Engine } from '../../engine/client/types.ts';
import { METHODS, type MethodId } from '../../methods/registry.ts';
import { notify } from '../notices.ts';
import { useSettings } from '../settings.ts';
import { Once } from '../../core/once.ts';
import { Holder, type Owner } from './owner.ts';

/** What computes; null while nothing does. */
export const useBackend = create<{ readonly backend: BackendInfo | null }>(() => ({
  backend: null,
}));

class EngineLease {
  readonly holder = new Holder();
  readonly #started = new Once<'engine', Engine>();

  /** The engine, started when it is first needed. One that could not start is started anew at the next need. */
  running(): Promise<Engine> {
    const wanted = this.#started.get('engine', () => this.#start());
    void wanted.then(
      ({ backend }) => {
        // One that was ended while it started computes nothing.
        if (this.#started.known('engine') === wanted) useBackend.setState({ backend });
      },
      () => undefined,
    );
    return wanted;
  }

  async #start(): Promise<Engine> {
    // A replay needs none of it.
    const { createEngine } = await import('../../engine/client/engine.ts');
    return createEngine({
      backend: useSettings.getState().backend,
      onStatus: ({ kind, message }) => {
        if (kind === 'lost' || kind === 'moved') notify('note', message);
        // wasm took over from a GPU; in the beginning there is no engine yet, and there may never be one.
        void this.#started
          .known('engine')
          ?.then(({ backend }) => useBackend.setState({ backend }))
          .catch(() => undefined);
      },
    });
  }

  /** Brings the code of methods that may run, so that they need no connection; what fails is asked for again by a run. */
  fetchAhead(methods: readonly MethodId[]): void {
    for (const id of methods) METHODS[id].load().catch(() => undefined);
    void this.#started
      .known('engine')
      ?.then((running) => running.prepare(methods))
      .catch(() => undefined);
  }

  /** Ends the engine and what it was computing; the next one starts anew, with the backend of the settings. */
  end(): void {
    this.holder.clear();
    const old = this.#started.known('engine');
    this.#started.forget('engine');
    useBackend.setState({ backend: null });
    // One that is still starting is not waited for.
    void old?.then((running) => running.dispose()).catch(() => undefined);
  }

  /** The engine, if it still has what this owner's run of a method learnt; null when that gave way to something else. */
  async thatLearnt(owner: Owner, method: string): Promise<Engine | null> {
    const known = this.#started.known('engine');
    if (!known || !this.holder.served(owner)) return null;
    const started = await known;
    return started.fitted === method ? started : null;
  }
}

export const engine = new EngineLease();
