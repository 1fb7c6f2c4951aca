/** What `joint.ts` runs in a page: a few steps of BranchyNet's joint training, timed apart from the first. */
import { randomFrom } from '../src/core/random.ts';
import { Pool } from '../src/engine/client/pool.ts';
import { spawnWebWorker } from '../src/engine/client/spawn.ts';
import { own as branchynet } from '../src/methods/branchynet/own.ts';
import { own as sdn } from '../src/methods/sdn/own.ts';
import { trainJointly } from '../src/methods/parts/joint/fit.ts';
import { fetchNetwork } from '../src/network/files.ts';

export interface Measured {
  readonly backend: string;
  /** Until the first epoch of one step was over: the device compiles its programs. */
  readonly firstSeconds: number;
  /** Of the epochs after it. */
  readonly imagesPerSecond: number;
  /** Of the bare forward pass of the plain network. */
  readonly forwardPerSecond: number;
  /** Mean loss of each exit in the last epoch. */
  readonly losses: readonly number[];
}

/** @param batch images of an epoch, which is one step; drawn at random. */
export async function measure(network: string, batch: number, epochs: number): Promise<Measured> {
  const pool = await Pool.start({
    backend: 'webgpu',
    workers: 1,
    spawn: spawnWebWorker,
    onStatus: () => undefined,
  });
  const files = await fetchNetwork(`/networks/${network}`);
  const { input, classes } = files.card;
  const shape = [input.size, input.size, input.channels] as const;
  const random = randomFrom(1);
  const size = input.size ** 2 * input.channels;
  const train = {
    images: Uint8Array.from({ length: batch * size }, () => random() * 256),
    labels: Uint8Array.from({ length: batch }, (_, i) => i % classes.length),
    count: batch,
  };
  const runner = pool.runner(await pool.load(files), files, shape);
  const forward = () =>
    runner.run({
      kernel: sdn.kernel('outputs'),
      classes: classes.length,
      parameters: { sites: new Uint32Array(0) },
      split: train,
      onBatch: () => undefined,
    });
  await forward();
  const asked = performance.now();
  await forward();
  const forwardPerSecond = (1000 * batch) / (performance.now() - asked);
  const started = performance.now();
  const ends: number[] = [];
  const losses: number[] = [];
  const learner = branchynet.learner('joint');
  const plan = {
    learner,
    dataset: 'none',
    classes,
    train,
    shape,
    options: { epochs, seed: 1, batch },
  };
  const onTraining = ({ exit, loss, epoch, done }: Parameters<Listener>[0]) => {
    if (done === batch && exit === 'classifier') ends.push(performance.now() - started);
    if (epoch === epochs) losses.push(loss);
  };
  await trainJointly({ ...plan, context: { runner, onTraining } }, () => undefined);
  const backend = pool.backend.description;
  pool.dispose();
  const later = (ends.at(-1)! - ends[0]!) / 1000;
  return {
    backend,
    firstSeconds: ends[0]! / 1000,
    forwardPerSecond,
    imagesPerSecond: ((ends.length - 1) * batch) / later,
    losses,
  };
}

type Listener = NonNullable<Parameters<typeof trainJointly>[0]['context']['onTraining']>;
