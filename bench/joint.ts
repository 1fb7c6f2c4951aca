/**
 * What a step of BranchyNet's joint training takes in a page, on WebGPU:
 *
 *   npm run bench:joint [-- --network ID] [--batch n] [--epochs n] [--software]
 *
 * An epoch is one step on `batch` images. `--software` takes an adapter that is computed on the CPU: slow, and only
 * good for seeing that it works.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { createServer } from 'vite';
import { browserFlags, getBrowser, softwareWebGpuFlags } from '../scripts/browser.mjs';
import type { Measured } from './joint-page.ts';

const { values } = parseArgs({
  options: {
    network: { type: 'string', default: 'resnet18-w16-strokes' },
    batch: { type: 'string', default: '256' },
    epochs: { type: 'string', default: '10' },
    software: { type: 'boolean', default: false },
  },
});

const tfjs = ['core', 'layers', 'backend-webgpu', 'backend-wasm'].map(
  (part) => `@tensorflow/tfjs-${part}`,
);
const cacheDir = await mkdtemp(join(tmpdir(), 'offramp-joint-'));
// Everything is bundled before the page asks: found on the way, it would make the page load again.
const server = await createServer({
  ...{ cacheDir, logLevel: 'error' },
  server: { port: 0, watch: null, hmr: false },
  optimizeDeps: { include: tfjs, noDiscovery: true },
});
await server.listen();
const address = server.resolvedUrls!.local[0]!;
const gpuFlags = values.software ? softwareWebGpuFlags : ['--enable-unsafe-webgpu'];
const browser = await chromium.launch({
  executablePath: getBrowser(),
  args: [...browserFlags, ...gpuFlags],
});
try {
  const page = await browser.newPage();
  // Any file of the same origin: the page itself would start an engine of its own.
  await page.goto(`${address}networks/${values.network}/card.json`);
  const call = JSON.stringify([values.network, Number(values.batch), Number(values.epochs)]);
  const measured = await page.evaluate<Measured>(
    `import('/bench/joint-page.ts').then(({ measure }) => measure(...${call}))`,
  );
  const { backend, firstSeconds, imagesPerSecond, forwardPerSecond, losses } = measured;
  console.log(`${values.network}, ${backend}, batch ${values.batch}`);
  const ratio = forwardPerSecond / imagesPerSecond;
  console.log(
    `first step ${firstSeconds.toFixed(1)} s, then ${imagesPerSecond.toFixed(1)} images/s:`,
  );
  console.log(`${ratio.toFixed(1)} times the bare forward pass of the plain network`);
  console.log(`losses of the last: ${losses.map((loss) => loss.toFixed(3)).join(', ')}`);
} finally {
  await browser.close();
  await server.close();
  await rm(cacheDir, { recursive: true });
}
