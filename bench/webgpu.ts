/**
 * Images a second on WebGPU: this engine's forward pass with all exits, beside a stock tfjs layers model with the same
 * outputs and onnxruntime-web's WebGPU on the same network, in turn, in headless Chromium (whose WebGPU is Dawn):
 *
 *   npm run bench:webgpu [-- --network ID] [--batch n] [--rounds n] [--software]
 *
 * `--software` takes an adapter that is computed on the CPU: slow, and only good for seeing that it works.
 */
import { parseArgs } from 'node:util';
import { measureInPage } from './gpu-page.ts';
import type { Measured } from './webgpu-page.ts';

const { values } = parseArgs({
  options: {
    network: { type: 'string', default: 'resnet18-cifar10' },
    batch: { type: 'string', default: '256' },
    rounds: { type: 'string', default: '9' },
    software: { type: 'boolean', default: false },
  },
});

const { network, software } = values;
const [batch, rounds] = [Number(values.batch), Number(values.rounds)];
const measured = await measureInPage<Measured>(
  'webgpu-page.ts',
  (address) => [network, batch, rounds, `${address}node_modules/onnxruntime-web/dist/`],
  {
    ...{ network, software, packages: ['onnxruntime-web/webgpu'] },
    // Without a display Chromium finds a GPU by Vulkan only.
    flags: ['--enable-features=Vulkan', '--ignore-gpu-blocklist'],
  },
);
const { adapter, rounds: times, off } = measured;
console.log(`${network}, batch ${batch}, ${adapter}, median of ${rounds} rounds`);
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
