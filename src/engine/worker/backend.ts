/** Chooses what computes: WebGPU when there is a hardware adapter, else wasm. */
import * as tf from '@tensorflow/tfjs-core';
import { checkedHeap } from '../../network/simd/check.ts';
import { describeAdapter, findAdapter, isSoftware } from '../adapter.ts';
import type { BackendChoice, WorkerBackend } from '../protocol.ts';

/** Where the .wasm files are: one address a file, or a folder. */
export type WasmPaths = string | Record<string, string>;

export interface ChosenBackend extends WorkerBackend {
  /** Settles with a reason when the device is lost; never, on wasm. */
  readonly lost: Promise<string>;
}

/**
 * Loads the code of one backend and makes it tfjs's.
 * @throws Error with a sentence when the choice cannot be had.
 */
export async function chooseBackend(
  choice: BackendChoice,
  wasmPaths: WasmPaths,
): Promise<ChosenBackend> {
  if (choice === 'wasm') return startWasm(wasmPaths, null);
  const adapter = await findAdapter();
  const problem = adapterProblem(adapter, choice);
  if (!adapter || problem) {
    if (choice === 'webgpu') throw new Error(problem ?? 'No WebGPU adapter was found.');
    return startWasm(wasmPaths, problem);
  }
  try {
    return await startWebGpu(adapter);
  } catch (error) {
    const reason = `WebGPU did not start: ${error instanceof Error ? error.message : String(error)}.`;
    if (choice === 'webgpu') throw new Error(reason, { cause: error });
    return startWasm(wasmPaths, reason);
  }
}

function adapterProblem(adapter: GPUAdapter | null, choice: BackendChoice): string | null {
  if (!adapter) return 'This browser offers no WebGPU adapter.';
  if (choice === 'auto' && isSoftware(adapter))
    return `The only WebGPU adapter is software (${describeAdapter(adapter)}), which is slower than wasm.`;
  return null;
}

async function startWebGpu(adapter: GPUAdapter): Promise<ChosenBackend> {
  const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu');
  if (!(await tf.setBackend('webgpu'))) throw new Error('tfjs refused the adapter');
  await tf.ready();
  const backend = tf.backend();
  if (!(backend instanceof WebGPUBackend)) throw new Error('tfjs took another backend');
  const { device } = backend;
  return {
    name: 'webgpu',
    device: describeAdapter(adapter),
    software: isSoftware(adapter),
    fallback: null,
    trainsConvolutions: trainsConvolutions(),
    largestTensor: Math.min(device.limits.maxStorageBufferBindingSize, device.limits.maxBufferSize),
    lost: device.lost.then(({ message, reason }) => message || reason),
  };
}

async function startWasm(paths: WasmPaths, fallback: string | null): Promise<ChosenBackend> {
  const { setThreadsCount, setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(paths);
  // One thread a worker: the pool shares the images, and no cross-origin isolation is needed.
  setThreadsCount(1);
  if (!(await tf.setBackend('wasm')))
    throw new Error('The wasm backend did not start: the browser refused its .wasm file.');
  await tf.ready();
  return {
    name: 'wasm',
    device: 'wasm',
    software: false,
    fallback: fallback ?? checkedHeap(tf.backend()).problem,
    trainsConvolutions: trainsConvolutions(),
    largestTensor: null,
    lost: new Promise(() => undefined),
  };
}

/** Whether the backend in use has the gradients that training a network from its images takes. */
export function trainsConvolutions(): boolean {
  const needed = ['Conv2DBackpropFilter', 'Conv2DBackpropInput', 'MaxPoolGrad'];
  return needed.every((name) => Boolean(tf.getKernel(name, tf.getBackend())));
}
