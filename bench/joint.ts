/**
 * What a step of BranchyNet's joint training takes in a page, on WebGPU:
 *
 *   npm run bench:joint [-- --network ID] [--batch n] [--epochs n] [--software]
 *
 * An epoch is one step on `batch` images. `--software` takes an adapter that is computed on the CPU: slow, and only
 * good for seeing that it works.
 */
import { parseArgs } from 'node:util';
import { measureInPage } from './gpu-page.ts';
import type { Measured } from './joint-page.ts';

const { values } = parseArgs({
  options: {
    network: { type: 'string', default: 'resnet18-w16-strokes' },
    batch: { type: 'string', default: '256' },
    epochs: { type: 'string', default: '10' },
    software: { type: 'boolean', default: false },
  },
});

const { network, software } = values;
const measured = await measureInPage<Measured>(
  'joint-page.ts',
  () => [network, Number(values.batch), Number(values.epochs)],
  { network, software },
);
const { backend, firstSeconds, imagesPerSecond, forwardPerSecond, losses } = measured;
console.log(`${values.network}, ${backend}, batch ${values.batch}`);
const ratio = forwardPerSecond / imagesPerSecond;
console.log(
  `first step ${firstSeconds.toFixed(1)} s, then ${imagesPerSecond.toFixed(1)} images/s:`,
);
console.log(`${ratio.toFixed(1)} times the bare forward pass of the plain network`);
console.log(`losses of the last: ${losses.map((loss) => loss.toFixed(3)).join(', ')}`);
