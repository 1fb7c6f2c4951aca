/** Entry of the compute worker in a browser. */
import wasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import wasmSimd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import wasmThreads from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import type { Request } from '../protocol.ts';
import { createCompute } from './compute.ts';

const scope = self as unknown as DedicatedWorkerGlobalScope;

const handle = createCompute((response, transfer) => scope.postMessage(response, transfer), {
  'tfjs-backend-wasm.wasm': wasm,
  'tfjs-backend-wasm-simd.wasm': wasmSimd,
  'tfjs-backend-wasm-threaded-simd.wasm': wasmThreads,
});

scope.onmessage = ({ data }: MessageEvent<Request>) => handle(data);
