/** What a compute worker is asked, and what it answers. Calls are started in their order, but may finish in another. */
import type { Message, Port } from '../wire/messages.ts';
import type { Arrays } from '../methods/contract/arrays.ts';
import type { Judging } from '../methods/contract/judge.ts';
import type { KernelRef } from '../methods/contract/kernel.ts';
import type { Lesson, Trained } from '../methods/contract/learner.ts';
import type { Golden } from '../network/golden.ts';
import type { NetworkSummary } from '../network/network.ts';
import type { NetworkFiles } from '../network/files.ts';
import type { Drive, Driven } from './driven.ts';

export type BackendChoice = 'auto' | 'webgpu' | 'wasm' | 'cpu';

/** What a worker says of the backend that it took. */
export interface WorkerBackend {
  readonly name: 'webgpu' | 'wasm' | 'cpu';
  /** The adapter in plain words ("NVIDIA lovelace"); for wasm "wasm". */
  readonly device: string;
  /** True when it is slower than it might be: WebGPU on the CPU, or plain JavaScript. */
  readonly software: boolean;
  /** Why `auto` did not take WebGPU, as a sentence; null otherwise. */
  readonly fallback: string | null;
  /** Whether the backend has the gradients of convolutions. */
  readonly trainsConvolutions: boolean;
  /** Bytes of the largest tensor that the device takes; null where there is no such limit. */
  readonly largestTensor: number | null;
}

/** Uint8 images of one split in a row, NHWC, and their classes. */
export interface ImageBatch {
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
  readonly shape: readonly [height: number, width: number, channels: number];
}

/** In place of images: what comes out of the network for them. */
export interface OutputBatch {
  /** By exit j: float32 [B, D_j]; one that is missing is [B, 0]. */
  readonly outputs: Readonly<Record<string, Float32Array>>;
  readonly labels: Uint8Array;
}

/** Every request with what it answers. */
export interface Requests {
  start: { request: { backend: BackendChoice }; result: WorkerBackend };
  /** With golden.json, or outputs of another worker, the network is kept only where it gives the outputs that are stated there. */
  load: {
    request: {
      files: NetworkFiles;
      golden?: Uint8Array | undefined;
      beside?: Golden | undefined;
    };
    result: NetworkSummary;
  };
  /** What the network gives here for a few images. */
  golden: { request: Record<string, never>; result: Golden };
  /** Fetches what methods compute, so that their runs need no connection; what does not come is asked for again by a run. */
  prepare: { request: { methods: readonly string[] }; result: null };
  /** Makes a kernel under a number that the client picks. */
  open: {
    request: { kernel: number; ref: KernelRef; classes: number; parameters: Arrays };
    result: null;
  };
  batch: { request: { kernel: number; batch: ImageBatch | OutputBatch }; result: Arrays | null };
  flush: { request: { kernel: number }; result: Arrays | null };
  close: { request: { kernel: number }; result: null };
  /** Opens a learner under a number that the client picks. */
  learn: { request: { learner: number; lesson: Lesson }; result: null };
  feed: { request: { learner: number; arrays: Arrays }; result: null };
  train: { request: { learner: number; steps: number }; result: Trained };
  state: { request: { learner: number }; result: Arrays };
  look: { request: { learner: number; question: Arrays }; result: Arrays };
  forget: { request: { learner: number }; result: null };
  /** Makes a judge under a number that the client picks. */
  judge: { request: { judge: number; judging: Judging; classes: number }; result: null };
  /** Sends images through the network, as far as a policy needs where there is a judge. */
  drive: { request: Drive; result: Driven };
  dismiss: { request: { judge: number }; result: null };
  memory: { request: Record<string, never>; result: { tensors: number; bytes: number } };
}

/** A message as it goes over the wire. */
export type Request = Message<Requests>;

/** The way to a compute worker. */
export type ComputePort = Port<Requests>;
