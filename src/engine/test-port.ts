/** For tests: a compute worker on the same thread, and ways to break it; networks and images made up. */
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Dataset, Split } from '../core/dataset.ts';
import { randomFrom } from '../core/random.ts';
import type { Answer } from '../wire/messages.ts';
import type { ComputePort, Request } from './protocol.ts';
import { trainsConvolutions } from './worker/backend.ts';
import { createCompute } from './worker/compute.ts';

const dist = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'));

/** Sees each request first; a returned reason kills the worker instead. */
export type Sabotage = (request: Request) => string | undefined;

/** In place of a worker's choice: tfjs's plain JavaScript, which has the gradients of convolutions. */
export const onCpu: Choose = async () => {
  await import('@tensorflow/tfjs-backend-cpu');
  await tf.setBackend('cpu');
  return {
    // The pool treats it as it treats wasm.
    name: 'wasm',
    device: 'cpu',
    software: false,
    fallback: null,
    trainsConvolutions: trainsConvolutions(),
    largestTensor: null,
    lost: new Promise(() => undefined),
  };
};
type Choose = Parameters<typeof createCompute>[2];

/** Messages are copied as a real channel copies them. */
export function localPort(sabotage?: Sabotage, choose?: Choose): ComputePort {
  let onResponse: (answer: Answer) => void = () => undefined;
  let onDeath: (reason: string) => void = () => undefined;
  let isDead = false;
  const handle = createCompute(
    (response, transfer) => {
      const copy = structuredClone(response, { transfer });
      setTimeout(() => !isDead && onResponse(copy));
    },
    `${dist}/`,
    choose,
  );
  return {
    post: (message, transfer) => {
      const copy = structuredClone(message, { transfer });
      setTimeout(() => {
        if (isDead) return;
        const reason = sabotage?.(copy);
        if (reason === undefined) return handle(copy);
        isDead = true;
        onDeath(reason);
      });
    },
    listen: (response, death) => {
      onResponse = response;
      onDeath = death;
    },
    terminate: () => {
      isDead = true;
    },
  };
}

/** The files of a model, as `loadNetwork` takes them. */
export async function filesOf(
  model: LayersModel,
  card: Record<string, unknown>,
): Promise<Map<string, Uint8Array>> {
  let saved: tf.io.ModelArtifacts | undefined;
  await model.save(
    tf.io.withSaveHandler((artifacts) => {
      saved = artifacts;
      return Promise.resolve({
        modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' },
      });
    }),
  );
  const { modelTopology, weightSpecs, weightData } = saved!;
  const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
  const manifest = [{ paths: ['weights.bin'], weights: weightSpecs }];
  return new Map([
    ['model.json', json({ format: 'layers-model', modelTopology, weightsManifest: manifest })],
    ['card.json', json(card)],
    ['weights.bin', new Uint8Array(weightData as ArrayBuffer)],
  ]);
}

/** Random images; classes differ in brightness, so that class means differ. */
export function randomDataset(
  seed: number,
  shape: [number, number, number],
  classes: number,
  train: number,
  test: number,
): Dataset {
  const random = randomFrom(seed);
  const size = shape[0] * shape[1] * shape[2];
  const split = (count: number): Split => {
    const labels = Uint8Array.from({ length: count }, () => Math.floor(random() * classes));
    const images = new Uint8Array(count * size);
    for (let at = 0; at < images.length; at++) {
      const bright = (labels[Math.floor(at / size)]! + 1) / (classes + 1);
      images[at] = Math.floor(256 * (0.5 * random() + 0.5 * bright * random()));
    }
    return { images, labels, count };
  };
  return {
    id: 'random',
    title: 'Random',
    classes: Array.from({ length: classes }, (_, k) => `class ${k}`),
    shape,
    train: split(train),
    test: split(test),
    source: 'made in the test',
    seed,
  };
}
