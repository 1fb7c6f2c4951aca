/** Makes the compute worker of a page. */
import type { ComputePort } from '../protocol.ts';
import { portOf } from '../../wire/port.ts';

export function spawnWebWorker(): ComputePort {
  return portOf(new Worker(new URL('../worker/worker.ts', import.meta.url), { type: 'module' }));
}
