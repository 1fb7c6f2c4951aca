/**
 * Images a second on WebGPU: this engine's forward pass with all exits, beside a stock tfjs layers model with the same
 * outputs and onnxruntime-web's WebGPU on the same network, in turn, in headless Chromium (whose WebGPU is Dawn):
 *
 *   npm run bench:webgpu [-- --network ID] [--batch n] [--rounds n] [--software]
 *
 * `--software` takes an adapter that is computed on the CPU: slow, and only good for seeing that it works.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { createServer } from 'vite';
import { browserFlags, getBrowser, softwareWebGpuFlags } from '../scripts/browser.mjs';
import type { Measured } from './webgpu-page.ts';

const { values } = parseArgs({
  options: {
    network: { type: 'string', default: 'resnet18-cifar10' },
    batch: { type: 'string', default: '256' },
    rounds: { type: 'string', default: '9' },
    software: { type: 'boolean', default: false },
  },
});

const include = ['core', 'layers', 'backend-webgpu', 'backend-wasm']
  .map((part) => `@tensorflow/tfjs-${part}`)
  .concat('onnxruntime-web/webgpu');
const cacheDir = await mkdtemp(join(tmpdir(), 'offramp-webgpu-'));
// Everything is bundled before the page asks: found on the way, it would make the page load again.
const server = await createServer({
  ...{ cacheDir, logLevel: 'error' },
  server: { port: 0, watch: null, hmr: false },
  optimizeDeps: { include, noDiscovery: true },
});
await server.listen();
const address = server.resolvedUrls!.local[0]!;
// Without a display Chromium finds a GPU by Vulkan only.
const hardware = ['--enable-unsafe-webgpu', '--enable-features=Vulkan', '--ignore-gpu-blocklist'];
const browser = await chromium.launch({
  executablePath: getBrowser(),
  args: [...browserFlags, ...(values.software ? softwareWebGpuFlags : hardware)],
});
try {
  const page = await browser.newPage();
  // Any file of the same origin: the page itself would start an engine of its own.
  await page.goto(`${address}networks/${values.network}/card.json`);
  const wasm = `${address}node_modules/onnxruntime-web/dist/`;
  const [batch, rounds] = [Number(values.batch), Number(values.rounds)];
  const call = JSON.stringify([values.network, batch, rounds, wasm]);
  const measured = await page.evaluate<Measured>(
    `import('/bench/webgpu-page.ts').then(({ measure }) => measure(...${call}))`,
  );
  const { adapter, rounds: times, off } = measured;
  console.log(`${values.network}, batch ${batch}, ${adapter}, median of ${rounds} rounds`);
  const median = (of: readonly number[]): number => [...of].sort((a, b) => a - b)[of.length >> 1]!;
  const baseline = median(Object.values(times)[0]!);
  for (const [name, of] of Object.entries(times)) {
    const rate = (1000 * batch) / median(of);
    const ratio = baseline / median(of);
    const difference = `logits off by ${off[name]!.toExponential(0)} of the largest`;
    console.log(
      `${name.padEnd(20)} ${rate.toFixed(0).padStart(7)} images/s   ${ratio.toFixed(2)} ×   ${difference}`,
    );
  }
} finally {
  await browser.close();
  await server.close();
  await rm(cacheDir, { recursive: true });
}
