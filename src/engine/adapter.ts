/** What a WebGPU adapter is, in words; asked by the worker that computes and by the page that plans for it. */

/** Milliseconds that a browser has to name an adapter, and to give its device: some never answer. */
export const PATIENCE = { adapter: 5_000, device: 20_000 } as const;

/** An adapter, or why there is none, as a sentence. */
export type FoundAdapter =
  | { readonly adapter: GPUAdapter; readonly problem: null }
  | { readonly adapter: null; readonly problem: string };

export async function findAdapter(): Promise<FoundAdapter> {
  const { gpu } = (globalThis.navigator ?? {}) as { gpu?: GPU };
  const none = (problem: string) => ({ adapter: null, problem });
  if (!gpu) return none('This browser offers no WebGPU adapter.');
  try {
    const asked = gpu.requestAdapter({ powerPreference: 'high-performance' });
    const adapter = await within(PATIENCE.adapter, asked);
    return adapter ? { adapter, problem: null } : none('This browser offers no WebGPU adapter.');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return none(`This browser offers no WebGPU adapter: ${why}.`);
  }
}

/** @throws Error when there is no answer in so many milliseconds. */
export function within<Value>(most: number, asked: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`it did not answer in ${most / 1000} seconds`)),
      most,
    );
    asked.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** True when the adapter computes on the CPU, which is slower than wasm. */
export function isSoftware({ info }: GPUAdapter): boolean {
  const fallback = (info as { isFallbackAdapter?: boolean }).isFallbackAdapter === true;
  return fallback || /swiftshader|llvmpipe|lavapipe|basic render|software/i.test(words(info));
}

/** "NVIDIA lovelace", "Apple metal-3", "SwiftShader". */
export function describeAdapter({ info }: GPUAdapter): string {
  if (/swiftshader/i.test(words(info))) return 'SwiftShader';
  if (info.description) return info.description;
  const vendor = VENDORS[info.vendor.toLowerCase()] ?? info.vendor;
  return [vendor, info.architecture].filter(Boolean).join(' ') || 'unnamed adapter';
}

const VENDORS: Record<string, string> = {
  nvidia: 'NVIDIA',
  amd: 'AMD',
  intel: 'Intel',
  apple: 'Apple',
  arm: 'ARM',
  qualcomm: 'Qualcomm',
};

function words({ vendor, architecture, device, description }: GPUAdapterInfo): string {
  return [vendor, architecture, device, description].join(' ');
}
