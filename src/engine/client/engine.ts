/** The engine: networks, runs and single images on a pool of compute workers. */
import type { Engine, EngineOptions } from './types.ts';

export type * from './types.ts';

/**
 * Starts the workers and chooses the backend.
 * @throws Error with a sentence when no worker can be started at all.
 */
export function createEngine(options: EngineOptions = {}): Promise<Engine> {
  return Promise.reject(new Error(`No engine yet for backend ${options.backend ?? 'auto'}.`));
}
