/** What tests and benchmarks use of onnxruntime-web: types hold without the package, which is large and no part of the page. */
declare module 'onnxruntime-web' {
  export type Data = Float32Array | Uint8Array | BigInt64Array;

  export class Tensor {
    constructor(type: 'uint8' | 'float32', data: Data, dims: readonly number[]);
    readonly data: Data;
  }

  export interface InferenceSession {
    readonly inputNames: readonly string[];
    run(feeds: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor>>;
    release(): Promise<void>;
  }

  export const InferenceSession: { create(model: Uint8Array): Promise<InferenceSession> };
  export const env: { readonly wasm: { numThreads: number } };
}

/** Its build with WebGPU. */
declare module 'onnxruntime-web/webgpu' {
  export class Tensor {
    constructor(type: 'float32', data: Float32Array, dims: readonly number[]);
    getData(): Promise<Float32Array>;
  }

  export interface InferenceSession {
    run(feeds: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor>>;
  }

  export const InferenceSession: {
    create(
      model: Uint8Array,
      options: { readonly executionProviders: readonly 'webgpu'[] },
    ): Promise<InferenceSession>;
  };
  export const env: { readonly wasm: { wasmPaths: string } };
}
