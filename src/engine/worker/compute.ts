/** Answers the requests of a client, on any platform that can pass messages. */
import * as tf from '@tensorflow/tfjs-core';
import { Once } from '../../core/once.ts';
import type { BatchKernel } from '../../methods/contract/kernel.ts';
import { product } from '../../network/cost.ts';
import type { Golden } from '../../network/golden.ts';
import { loadNetwork, type Network } from '../../network/network.ts';
import { preprocess } from '../../network/preprocess.ts';
import type { Send } from '../../wire/messages.ts';
import { serve, type Handlers } from '../../wire/serve.ts';
import type { ImageBatch, OutputBatch, Request, Requests } from '../protocol.ts';
import { chooseBackend, type WasmPaths } from './backend.ts';
import type { Classroom } from './classroom.ts';
import { fetchHalves, findKernel } from './halves.ts';
import type { Judges } from './judges.ts';

/**
 * A compute worker's inside: give it each request that comes in, in order.
 * @param choose makes a backend tfjs's; tests have one of their own.
 */
export function createCompute(
  send: Send,
  wasmPaths: WasmPaths,
  choose = chooseBackend,
): (request: Request) => void {
  let network: Network | null = null;
  const kernels = new Map<number, BatchKernel>();
  /** Fetched by inference that stops. */
  const judges = new Once<null, Judges>();
  const bench = () =>
    judges.get(null, () => import('./judges.ts').then(({ Judges }) => new Judges()));
  /** Fetched by the first training. */
  const classrooms = new Once<null, Classroom>();
  const learners = () =>
    classrooms.get(null, () => import('./classroom.ts').then(({ Classroom }) => new Classroom()));

  const kernel = (id: number): BatchKernel => {
    const found = kernels.get(id);
    if (!found) throw new Error(`Kernel ${id} is not open in this worker.`);
    return found;
  };

  const handlers: Handlers<Requests> = {
    async start({ backend }) {
      const { lost, ...chosen } = await choose(backend, wasmPaths);
      void lost.then(server.lose);
      return chosen;
    },
    async load({ files, golden, beside }) {
      const loaded = await loadNetwork(files);
      if (golden || beside) await checked(loaded, golden, beside);
      for (const open of kernels.values()) open.dispose();
      kernels.clear();
      void judges.known(null)?.then((opened) => opened.clear());
      network?.dispose();
      network = loaded;
      return loaded.summary();
    },
    async golden() {
      const { goldenHere } = await import('../../network/golden.ts');
      return goldenHere(loadedNetwork(network));
    },
    async prepare({ methods }) {
      await Promise.allSettled([fetchHalves(methods), learners()]);
      return null;
    },
    async open({ kernel: id, ref, classes, parameters }) {
      const found = await findKernel(ref);
      const opened = loadedNetwork(network);
      const dimensions = dimensionsOf(opened);
      kernels.set(
        id,
        found.open(
          { classes, dimensions, branches: (outputs) => opened.branchLogits(outputs) },
          parameters,
        ),
      );
      return null;
    },
    async batch({ kernel: id, batch }) {
      const opened = kernel(id);
      const through = loadedNetwork(network);
      const outputs = 'outputs' in batch ? known(through, batch) : forward(through, batch);
      try {
        return await opened.batch(outputs, batch.labels);
      } finally {
        tf.dispose(outputs);
      }
    },
    flush: ({ kernel: id }) => kernel(id).flush(),
    async close({ kernel: id }) {
      kernels.get(id)?.dispose();
      kernels.delete(id);
      return null;
    },
    async judge(asked) {
      await (await bench()).open(asked, loadedNetwork(network));
      return null;
    },
    async drive(asked) {
      const opened = await bench();
      const on = loadedNetwork(network);
      const x = inputOf(on, asked.batch);
      try {
        return await opened.drive(asked, on, x);
      } finally {
        x.dispose();
      }
    },
    async dismiss({ judge }) {
      (await bench()).close(judge);
      return null;
    },
    async learn({ learner, lesson }) {
      await (await learners()).open(learner, lesson);
      return null;
    },
    async feed({ learner, arrays }) {
      await (await learners()).call(learner, (of) => of.feed(arrays));
      return null;
    },
    train: async ({ learner, steps }) => (await learners()).call(learner, (of) => of.train(steps)),
    state: async ({ learner }) => (await learners()).call(learner, (of) => of.state()),
    look: async ({ learner, question }) =>
      (await learners()).call(learner, (of) => {
        if (!of.look) throw new Error('This learner answers no questions.');
        return of.look(question);
      }),
    async forget({ learner }) {
      await (await learners()).close(learner);
      return null;
    },
    async memory() {
      const { numTensors, numBytes } = tf.memory();
      return { tensors: numTensors, bytes: numBytes };
    },
  };

  const server = serve<Requests>(send, handlers, { lossOf });
  return server.receive;
}

/** Disposes of a network that does not give its golden outputs. @throws Error with a sentence then. */
async function checked(
  network: Network,
  golden: Uint8Array | undefined,
  beside: Golden | undefined,
): Promise<void> {
  try {
    const { checkGolden, parseGolden } = await import('../../network/golden.ts');
    const stated = golden && parseGolden(golden);
    const said = stated?.pixels ? 'its test data states' : 'golden.json states';
    if (stated) await checkGolden(network, stated, said);
    if (beside) await checkGolden(network, beside, 'wasm gives');
  } catch (error) {
    network.dispose();
    throw error;
  }
}

/** A device that goes away takes back what it was about to do. */
function lossOf(error: unknown): string | null {
  return error instanceof Error && error.name === 'AbortError' ? error.message : null;
}

/** Images as the network is fed; the caller disposes. */
function inputOf({ card: { input } }: Network, { images, labels, shape }: ImageBatch): tf.Tensor {
  const pixels = preprocess(images, labels.length, shape, input);
  return tf.tensor4d(pixels, [labels.length, input.size, input.size, input.channels]);
}

function forward(network: Network, batch: ImageBatch): tf.Tensor2D[] {
  const x = inputOf(network, batch);
  try {
    return network.forward(x);
  } finally {
    x.dispose();
  }
}

/** Outputs that came along, as if they had just been computed. */
function known(network: Network, { outputs, labels }: OutputBatch): tf.Tensor2D[] {
  return dimensionsOf(network).map((dimension, exit) => {
    const rows = outputs[exit];
    return rows ? tf.tensor2d(rows, [labels.length, dimension]) : tf.zeros([labels.length, 0]);
  });
}

/** D_j of every exit. */
function dimensionsOf({ stages, exits }: Network): number[] {
  return exits.map((stage) => product(stages[stage]!.shape));
}

function loadedNetwork(network: Network | null): Network {
  if (!network) throw new Error('No network is loaded in this worker.');
  return network;
}
