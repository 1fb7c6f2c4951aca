/** The caller's end: calls go out with numbers, answers settle promises, death rejects all that wait. */
import type { Answer, CallMessage, Calls, Port, ProgressOf } from './messages.ts';

/** How an error of the other side is made one of this side. */
type Revive = (name: string, message: string) => Error;

interface Waiting {
  tell(progress: unknown): void;
  resolve(value: unknown): void;
  readonly reject: (error: Error) => void;
}

export interface CallOptions<Progress = never> {
  /** Buffers that are handed over, not copied. */
  readonly transfer?: ArrayBuffer[];
  /** When it is aborted, the call rejects with its reason at once, and the worker is told. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/**
 * One life of a worker.
 * @template Of the description of its calls.
 */
export class Channel<Of extends Calls<Of>> {
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 1;
  private death: Error | null = null;

  /**
   * @param lost makes the error with which everything rejects once the worker is lost for a reason.
   * @param revive makes an error of the name and the sentence that the worker answered.
   */
  constructor(
    private readonly port: Port<Of>,
    lost: (reason: string) => Error = (reason) => new Error(reason),
    private readonly revive: Revive = reviveError,
  ) {
    port.listen(
      (answer) => {
        if (answer.type === 'lost') this.terminate(lost(answer.message));
        else this.receive(answer);
      },
      (reason) => this.terminate(lost(reason)),
    );
  }

  get isDead(): boolean {
    return this.death !== null;
  }

  /** @throws (rejects with) what the worker's death is, its own error, or the reason of the signal. */
  call<Name extends keyof Of & string>(
    type: Name,
    request: Of[Name]['request'],
    { transfer = [], signal, onProgress }: CallOptions<ProgressOf<Of[Name]>> = {},
  ): Promise<Of[Name]['result']> {
    if (this.death) return Promise.reject(this.death);
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const id = this.nextId++;
      const abort = (): void => {
        if (!this.waiting.delete(id)) return;
        this.port.post({ id, type: 'cancel' }, []);
        reject(signal?.reason as Error);
      };
      const release = (): void => signal?.removeEventListener('abort', abort);
      signal?.addEventListener('abort', abort, { once: true });
      this.waiting.set(id, {
        tell: (progress: ProgressOf<Of[Name]>) => onProgress?.(progress),
        resolve: (value: Of[Name]['result']) => {
          release();
          resolve(value);
        },
        reject: (error) => {
          release();
          reject(error);
        },
      });
      const message: CallMessage<Of, Name> = { id, type, request };
      this.port.post(message, transfer);
    });
  }

  /** Ends the worker; everything that waits for it rejects, as does every later call. */
  terminate(death: Error): void {
    if (this.death) return;
    this.death = death;
    this.port.terminate();
    for (const { reject } of [...this.waiting.values()]) reject(death);
    this.waiting.clear();
  }

  private receive(answer: Exclude<Answer, { type: 'lost' }>): void {
    const waiting = this.waiting.get(answer.id);
    if (!waiting) return;
    if (answer.type === 'progress') {
      waiting.tell(answer.progress);
      return;
    }
    this.waiting.delete(answer.id);
    if (answer.type === 'result') waiting.resolve(answer.value);
    else waiting.reject(this.revive(answer.name, answer.message));
  }
}

/** An AbortError stays one; any other error keeps its name and its sentence. */
export function reviveError(name: string, message: string): Error {
  if (name === 'AbortError') return new DOMException(message, name);
  return Object.assign(new Error(message), { name });
}
