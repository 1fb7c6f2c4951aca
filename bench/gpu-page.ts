/** A module of a benchmark, run in a page of headless Chromium that has WebGPU. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { createServer } from 'vite';
import { browserFlags, getBrowser, softwareWebGpuFlags } from '../scripts/browser.mjs';

export interface GpuPage {
  /** Id of a network of the page. */
  readonly network: string;
  /** An adapter that is computed on the CPU. */
  readonly software: boolean;
  /** What finds a hardware adapter beside `--enable-unsafe-webgpu`. */
  readonly flags?: readonly string[];
  /** Packages that the module imports beside tfjs. */
  readonly packages?: readonly string[];
}

/**
 * What `measure` of a module of this folder gives in the page.
 * @param argumentsAt its arguments, where the page's server is at an address that ends in "/".
 */
export async function measureInPage<Measured>(
  module: string,
  argumentsAt: (address: string) => readonly (string | number)[],
  { network, software, flags = [], packages = [] }: GpuPage,
): Promise<Measured> {
  const tfjs = ['core', 'layers', 'backend-webgpu', 'backend-wasm'].map(
    (part) => `@tensorflow/tfjs-${part}`,
  );
  const cacheDir = await mkdtemp(join(tmpdir(), 'offramp-gpu-page-'));
  // Everything is bundled before the page asks: found on the way, it would make the page load again.
  const server = await createServer({
    ...{ cacheDir, logLevel: 'error' },
    server: { port: 0, watch: null, hmr: false },
    optimizeDeps: { include: [...tfjs, ...packages], noDiscovery: true },
  });
  await server.listen();
  const address = server.resolvedUrls!.local[0]!;
  const gpuFlags = software ? softwareWebGpuFlags : ['--enable-unsafe-webgpu', ...flags];
  const browser = await chromium.launch({
    executablePath: getBrowser(),
    args: [...browserFlags, ...gpuFlags],
  });
  try {
    const page = await browser.newPage();
    // Any file of the same origin: the page itself would start an engine of its own.
    await page.goto(`${address}networks/${network}/card.json`);
    const call = JSON.stringify(argumentsAt(address));
    return await page.evaluate<Measured>(
      `import('/bench/${module}').then(({ measure }) => measure(...${call}))`,
    );
  } finally {
    await browser.close();
    await server.close();
    await rm(cacheDir, { recursive: true });
  }
}
