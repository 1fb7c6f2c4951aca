/** Entry of the compute worker in a browser. */
import wasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import wasmSimd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import { answerHere } from '../../wire/scope.ts';
import { createCompute } from './compute.ts';

answerHere((send) =>
  createCompute(send, {
    'tfjs-backend-wasm.wasm': wasm,
    'tfjs-backend-wasm-simd.wasm': wasmSimd,
    // Never taken, but tfjs wants an address.
    'tfjs-backend-wasm-threaded-simd.wasm': wasmSimd,
  }),
);
