/** What a WebGPU adapter is, in words; asked by the worker that computes and by the page that plans for it. */

export async function findAdapter(): Promise<GPUAdapter | null> {
  const { gpu } = (globalThis.navigator ?? {}) as { gpu?: GPU };
  if (!gpu) return null;
  return gpu.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null);
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
