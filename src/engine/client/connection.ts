/** One life of a compute worker. */
import { Channel } from '../../wire/channel.ts';
import type { ComputePort, Requests } from '../protocol.ts';

/** The worker or its device is gone; what it held is lost. */
export class WorkerLost extends Error {
  override readonly name = 'WorkerLost';
}

export type Connection = Channel<Requests>;

export function connect(port: ComputePort): Connection {
  return new Channel<Requests>(port, (reason) => new WorkerLost(reason));
}
