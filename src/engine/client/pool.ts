/** The workers: started, loaded with a network, and handed passes and single images. */
import type { ImageShape } from '../../core/dataset.ts';
import type { Arrays } from '../../methods/contract/arrays.ts';
import type { Judging } from '../../methods/contract/judge.ts';
import type { Through } from '../../methods/contract/kernel.ts';
import type { LearnerTypes, Lesson, RemoteLearner } from '../../methods/contract/learner.ts';
import type { Pass, Runner } from '../../methods/contract/runner.ts';
import type { NetworkSummary } from '../../network/network.ts';
import type { NetworkFiles } from '../../network/files.ts';
import { findAdapter, isSoftware } from '../adapter.ts';
import type { Drive, Driven } from '../driven.ts';
import type { BackendChoice, ComputePort, ImageBatch } from '../protocol.ts';
import { WorkerLost, type Connection } from './connection.ts';
import { deviceBatch, FIRST_BATCH, ramp, Trial } from './batches.ts';
import { Lane, type OutputCheck } from './lane.ts';
import { openLearner } from './learner.ts';
import { runPass } from './pass.ts';
import type { BackendInfo, EngineStatus, ExpectedOutputs } from './types.ts';

export interface PoolOptions {
  readonly backend: BackendChoice;
  readonly workers: number | undefined;
  readonly spawn: () => ComputePort;
  readonly onStatus: (status: EngineStatus) => void;
}

/** Images in a full batch on wasm: within 2 % of the best size for every network that was measured (`bench:batch`). */
const BATCH = 64;

/** More wasm workers than this do not pay: memory bandwidth is shared. */
const MOST_WORKERS = 8;

async function isWasmCertain(backend: BackendChoice): Promise<boolean> {
  if (backend !== 'auto') return backend !== 'webgpu';
  const { adapter } = await findAdapter();
  return !adapter || isSoftware(adapter);
}

/** Starts so many workers side by side; those that do not start are left out. */
async function startOthers(
  spawn: () => ComputePort,
  count: number,
  backend: BackendChoice,
): Promise<Lane[]> {
  const lanes = Array.from({ length: count }, () => new Lane(spawn, backend));
  const started = await Promise.allSettled(lanes.map((lane) => lane.start()));
  return lanes.filter((_, at) => started[at]!.status === 'fulfilled');
}

/** Starts the worker that chooses; when `auto` kills it on the way, wasm gets a chance. */
async function startFirst(
  spawn: () => ComputePort,
  backend: BackendChoice,
  onLeave: (reason: string) => void,
) {
  const first = new Lane(spawn, backend, onLeave);
  try {
    return { first, chosen: await first.start() };
  } catch (error) {
    if (!(error instanceof WorkerLost)) throw error;
    const reason = `The compute worker did not start: ${error.message}.`;
    const advice = 'Look at the connection and try again; if it stays so, try another browser.';
    if (backend !== 'auto') throw new Error(`${reason} ${advice}`, { cause: error });
    const second = new Lane(spawn, 'wasm');
    const chosen = await second.start().catch((cause: unknown) => {
      throw new Error(`${reason} ${advice}`, { cause });
    });
    return { first: second, chosen: { ...chosen, fallback: reason } };
  }
}

/** A kernel that stays open on the first lane, for single images. */
interface Resident extends Through {
  readonly worker: object;
  readonly open: number;
}

/** A judge that stays open there, for inference that stops. */
interface ResidentJudge {
  readonly judging: Judging;
  readonly worker: object;
  readonly open: number;
}

export class Pool {
  private nextKernel = 1;
  private nextLearner = 1;
  /** Beside WebGPU, whose one worker is busy with the device, learners get workers of their own. */
  private trainers: readonly Lane[] | null = null;
  private resident: Resident | null = null;
  private judge: ResidentJudge | null = null;
  private singles: Promise<unknown> = Promise.resolve();
  /** The network that all workers have. */
  private held: { readonly files: NetworkFiles; readonly summary: NetworkSummary } | null = null;
  /** Settles when the loads that were asked for are over. */
  private loads: Promise<unknown> = Promise.resolve();
  /** Passes in progress, all through the network that is held. */
  private readonly passes = new Set<Promise<void>>();
  /** Of each of them, takes workers that come later. */
  private readonly joining = new Set<(lanes: readonly Lane[]) => void>();
  private readonly trials = new WeakMap<NetworkFiles, Trial>();
  private isDisposed = false;

  private constructor(
    private readonly lanes: Lane[],
    public backend: BackendInfo,
    private readonly onStatus: (status: EngineStatus) => void,
    private readonly spawn: () => ComputePort,
    /** Workers that may train side by side. */
    readonly places: number,
    /** Bytes of the largest tensor that the device takes; null where there is no such limit. */
    private largestTensor: number | null,
  ) {}

  /** Starts one worker, which chooses the backend, and the others to match. */
  static async start({ backend, workers, spawn, onStatus }: PoolOptions): Promise<Pool> {
    onStatus({ kind: 'starting', message: 'Looking for something to compute on.' });
    const cores = globalThis.navigator?.hardwareConcurrency ?? 1;
    const wanted = Math.max(1, Math.min(MOST_WORKERS, workers ?? cores));
    const plain = backend === 'cpu' ? 'cpu' : 'wasm';
    const others = () => startOthers(spawn, wanted - 1, plain);
    let pool: Pool | null = null;
    // Where wasm is all there is, nobody waits for the first worker to find that out.
    const early = (await isWasmCertain(backend)) ? others() : null;
    const { first, chosen } = await startFirst(spawn, backend, (reason) => pool?.leave(reason));
    const { name, device, software, fallback, trainsConvolutions, largestTensor } = chosen;
    if (name === 'webgpu') void early?.then((lanes) => lanes.forEach((lane) => lane.terminate()));
    // Fewer workers than wanted are slower, not a failure.
    const lanes = [first, ...(name === 'webgpu' ? [] : await (early ?? others()))];
    const count = lanes.length;
    const description =
      name === 'webgpu'
        ? `WebGPU · ${device}${software ? ' (software, slow)' : ''}`
        : `CPU · ${device} ×${count}`;
    onStatus({ kind: 'ready', message: `Computing on ${description}.` });
    const info = { name, description, workers: count, software, fallback, trainsConvolutions };
    const places = name === 'webgpu' ? wanted : count;
    return (pool = new Pool(lanes, info, onStatus, spawn, places, largestTensor));
  }

  /**
   * Gives the workers a network that they do not have yet. After loads that were asked for before, so that the last one
   * stays, and after passes in progress; when it fails, the network before stays.
   * @param expected what must come out: outputs of a golden.json, given by its bytes, or what wasm gives; a GPU from which
   * it does not is left for wasm.
   */
  load(files: NetworkFiles, expected?: ExpectedOutputs): Promise<NetworkSummary> {
    return this.inTurn(files, (summary) => summary, expected);
  }

  /** Fetches what methods compute into every worker, so that their runs need no connection. */
  async prepare(methods: readonly string[]): Promise<void> {
    const lanes = [...this.lanes, ...(this.trainers ?? [])];
    await Promise.allSettled(lanes.map((lane) => lane.prepare(methods)));
  }

  /** Sends a split through the network of `files`, which is loaded first where the workers have another. */
  async run(pass: Pass, shape: ImageShape, files: NetworkFiles): Promise<void> {
    const { running } = await this.inTurn(files, () => {
      const running = this.pass(pass, shape);
      this.passes.add(running);
      const leave = () => this.passes.delete(running);
      running.then(leave, leave);
      // In an object, so that the next load waits for the pass only where it must.
      return { running };
    });
    await running;
  }

  /** What a method runs on: these workers with this network, for images of one shape. */
  runner(network: NetworkSummary, files: NetworkFiles, shape: ImageShape): Runner {
    const now = (): BackendInfo => this.backend;
    return {
      network,
      files,
      get backend() {
        return now().description;
      },
      get trainsConvolutions() {
        return now().trainsConvolutions;
      },
      run: (pass) => this.run(pass, shape, files),
      places: () => this.places,
      teach: (place, lesson) => this.teach(place, lesson),
      withNetwork: async (others) => this.runner(await this.load(others), others, shape),
    };
  }

  private inTurn<Result>(
    files: NetworkFiles,
    work: (summary: NetworkSummary) => Result,
    expected?: ExpectedOutputs,
  ): Promise<Result> {
    const turn = this.loads.then(async () => {
      if (this.held?.files !== files) {
        await Promise.allSettled(this.passes);
        const summary = await this.loadAll(files, expected);
        this.resident = null;
        this.judge = null;
        this.held = { files, summary };
      }
      return work(this.held.summary);
    });
    this.loads = turn.catch(() => undefined);
    return turn;
  }

  /** Where outputs are expected, the first worker compares its own before any other has the network. */
  private async loadAll(files: NetworkFiles, expected?: ExpectedOutputs): Promise<NetworkSummary> {
    const [first, ...others] = this.lanes as [Lane, ...Lane[]];
    const stated = expected && expected !== 'as wasm' ? { golden: expected } : {};
    const check = expected === 'as wasm' ? await this.onWasm(files) : stated;
    const loading = first.load(files, check).catch((error: unknown) => {
      const isWrong = error instanceof Error && error.name === 'WrongOutputs';
      if (isWrong && first.leaveDevice(`WebGPU computes wrongly here: ${error.message}`))
        return first.load(files, stated);
      throw isWrong
        ? new Error(
            `${error.message}. The weights are damaged or another network’s, or its card feeds it otherwise; without ` +
              'golden.json it opens unchecked.',
          )
        : error;
    });
    if (expected) await loading;
    const [summary] = await Promise.all([loading, ...others.map((lane) => lane.load(files))]);
    return summary;
  }

  /** What a network gives on wasm, in a worker of its own; nothing beside wasm itself, or where it cannot be had. */
  private async onWasm(files: NetworkFiles): Promise<OutputCheck> {
    if (this.backend.name !== 'webgpu') return {};
    const lane = new Lane(this.spawn, 'wasm');
    try {
      await lane.start();
      await lane.load(files);
      return { beside: await (await lane.ready()).call('golden', {}) };
    } catch {
      // What is wrong with the files, the GPU's own load says.
      return {};
    } finally {
      lane.terminate();
    }
  }

  /** wasm takes over from a GPU: in the first worker at once, in others when they have started. */
  private leave(reason: string): void {
    if (this.isDisposed) return;
    this.largestTensor = null;
    this.moved(reason, 'moved', `${reason}. The CPU computes on, with wasm.`);
    this.loads = this.loads.then(() => this.join(reason)).catch(() => undefined);
  }

  private moved(reason: string, kind: EngineStatus['kind'], message: string): void {
    const workers = this.lanes.length;
    this.backend = {
      ...{ name: 'wasm', description: `CPU · wasm ×${workers}`, workers },
      ...{ software: false, fallback: `${reason}.`, trainsConvolutions: false },
    };
    this.onStatus({ kind, message });
  }

  private async join(reason: string): Promise<void> {
    const others = await startOthers(this.spawn, this.places - 1, 'wasm');
    const { held } = this;
    if (held) await Promise.all(others.map((lane) => lane.load(held.files)));
    if (this.isDisposed) return others.forEach((lane) => lane.terminate());
    this.lanes.push(...others);
    for (const take of this.joining) take(others);
    this.moved(reason, 'ready', `Computing on CPU · wasm ×${this.lanes.length}.`);
  }

  /** Which size of batches suits the network that is held on the device, as far as it is known. */
  private trial(): Trial {
    const { files, summary } = this.held!;
    const known = this.trials.get(files);
    if (known) return known;
    const made = new Trial(deviceBatch(summary.widest, this.largestTensor));
    this.trials.set(files, made);
    return made;
  }

  private pass(pass: Pass, shape: ImageShape): Promise<void> {
    const isGpu = this.backend.name === 'webgpu';
    // Known outputs leave little to compute. One worker adds them up in one order, so that runs which share them are the
    // same to the last bit for any number of workers.
    const [lanes, size] = pass.outputs
      ? [this.lanes.slice(0, 1), { sizes: ramp(256, 256, 1), flushEvery: Infinity }]
      : [
          this.lanes,
          {
            sizes: isGpu ? this.trial().begin() : ramp(BATCH, FIRST_BATCH, this.lanes.length),
            flushEvery: 16,
            joining: this.joining,
          },
        ];
    return runPass(pass, lanes, {
      ...size,
      shape,
      kernel: this.nextKernel++,
      onLoss: (reason) =>
        this.onStatus({
          kind: 'lost',
          message: `A compute worker was lost (${reason}); it is started again and the run goes on.`,
        }),
    });
  }

  /** Opens a learner; learners at one place share a worker, and those that need the device are where it is. */
  async teach<Of extends LearnerTypes>(
    place: number,
    lesson: Lesson<Of>,
  ): Promise<RemoteLearner<Of>> {
    const lane = lesson.network
      ? this.lanes[0]!
      : lesson.onDevice
        ? this.lanes[place % this.lanes.length]!
        : this.trainer(place);
    return openLearner(await lane.ready(), this.nextLearner++, lesson, (reason) =>
      this.onStatus({
        kind: 'lost',
        message: `A compute worker was lost (${reason}); what it trained begins anew.`,
      }),
    );
  }

  private trainer(place: number): Lane {
    if (this.backend.name === 'webgpu')
      this.trainers ??= Array.from({ length: this.places }, () => new Lane(this.spawn, 'wasm'));
    const among = this.trainers ?? this.lanes;
    return among[place % among.length]!;
  }

  /**
   * One batch outside of any pass, between the batches of a pass that is going on.
   * @param through whose parameters are sent once for as long as the same arrays are given.
   * @param files of the network that it goes through.
   */
  single(
    through: Through,
    classes: number,
    batch: ImageBatch,
    files: NetworkFiles,
  ): Promise<Arrays | null> {
    return this.alone(files, (connection) => this.trySingle(connection, through, classes, batch));
  }

  /**
   * Sends images through the network on one worker, as far as a policy needs; between the batches of a pass as well.
   * @param judging the same object for as long as nothing else was learnt; null for the plain network.
   */
  drive(
    judging: Judging | null,
    classes: number,
    asked: Omit<Drive, 'judge'>,
    files: NetworkFiles,
  ): Promise<Driven> {
    return this.alone(files, async (connection) => {
      const judge = judging && (await this.openJudge(connection, judging, classes));
      return connection.call('drive', { ...asked, judge });
    });
  }

  private async openJudge(
    connection: Connection,
    judging: Judging,
    classes: number,
  ): Promise<number> {
    const { judge } = this;
    const isOpen = judge?.worker === connection;
    if (isOpen && judge.judging === judging) return judge.open;
    if (isOpen) await connection.call('dismiss', { judge: judge.open });
    this.judge = null;
    const open = this.nextKernel++;
    await connection.call('judge', { judge: open, judging, classes });
    this.judge = { judging, worker: connection, open };
    return open;
  }

  /** Work on the first worker that comes one after the other, with a network; once more where the worker is lost. */
  private alone<Result>(
    files: NetworkFiles,
    work: (connection: Connection) => Promise<Result>,
  ): Promise<Result> {
    const attempt = async () => work(await this.lanes[0]!.ready());
    const turn = this.singles.then(async () => {
      await this.load(files);
      return attempt().catch((error: unknown) => {
        if (!(error instanceof WorkerLost)) throw error;
        return attempt();
      });
    });
    this.singles = turn.catch(() => undefined);
    return turn;
  }

  dispose(): void {
    this.isDisposed = true;
    for (const lane of [...this.lanes, ...(this.trainers ?? [])]) lane.terminate();
  }

  /** Tensors that live in each worker. */
  async tensorCounts(): Promise<number[]> {
    const connections = await Promise.all(this.lanes.map((lane) => lane.ready()));
    const memory = await Promise.all(
      connections.map((connection) => connection.call('memory', {})),
    );
    return memory.map(({ tensors }) => tensors);
  }

  private async trySingle(
    connection: Connection,
    { kernel: ref, parameters }: Through,
    classes: number,
    batch: ImageBatch,
  ): Promise<Arrays | null> {
    const isThere =
      this.resident?.worker === connection &&
      this.resident.kernel.name === ref.name &&
      this.resident.kernel.method === ref.method &&
      haveSameArrays(this.resident.parameters, parameters);
    if (!this.resident || !isThere) {
      if (this.resident?.worker === connection)
        await connection.call('close', { kernel: this.resident.open });
      const kernel = this.nextKernel++;
      await connection.call('open', { kernel, ref, classes, parameters });
      this.resident = { kernel: ref, parameters, worker: connection, open: kernel };
    }
    return connection.call('batch', { kernel: this.resident.open, batch });
  }
}

function haveSameArrays(a: Arrays, b: Arrays): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
