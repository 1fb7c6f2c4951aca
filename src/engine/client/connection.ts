/** One life of a compute worker: requests go out with ids, answers settle promises, death rejects them all. */
import type { RequestName, Requests, Request, Response, WorkerPort } from '../protocol.ts';

/** The worker or its device is gone; what it held is lost. */
export class WorkerLost extends Error {
  override readonly name = 'WorkerLost';
}

interface Pending {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

export class Connection {
  private readonly pending = new Map<number, Pending>();
  private nextId = 1;
  private death: WorkerLost | null = null;

  constructor(private readonly port: WorkerPort) {
    port.listen(
      (response) => this.receive(response),
      (reason) => this.die(reason),
    );
  }

  get isDead(): boolean {
    return this.death !== null;
  }

  /**
   * Sends a request.
   * @throws WorkerLost when the worker dies before it answers; Error with the worker's sentence otherwise.
   */
  call<Name extends RequestName>(
    type: Name,
    request: Requests[Name]['request'],
    transfer: ArrayBuffer[] = [],
  ): Promise<Requests[Name]['result']> {
    if (this.death) return Promise.reject(this.death);
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.pending.set(id, { resolve: resolve as (value: unknown) => void, reject });
      this.port.post({ id, type, ...request } as unknown as Request, transfer);
    });
  }

  /** Ends the worker; everything that waits for it is rejected. */
  terminate(reason = 'The worker was stopped.'): void {
    this.die(reason);
  }

  private receive(response: Response): void {
    if ('type' in response && response.type === 'lost') {
      this.die(response.message);
      return;
    }
    const waiting = this.pending.get(response.id);
    if (!waiting) return;
    this.pending.delete(response.id);
    if (response.type === 'result') waiting.resolve(response.value);
    else waiting.reject(new Error(response.message));
  }

  private die(reason: string): void {
    if (this.death) return;
    this.death = new WorkerLost(reason);
    this.port.terminate();
    for (const { reject } of this.pending.values()) reject(this.death);
    this.pending.clear();
  }
}
