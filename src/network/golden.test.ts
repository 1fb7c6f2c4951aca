/** Every published network gives the logits that the framework which trained it gave. */
import { readdir, readFile } from 'node:fs/promises';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { networks } from './catalogue.ts';
import { networkFromFiles } from './files.ts';
import { checkGolden, goldenHere, goldenImages, goldenOutputs, parseGolden } from './golden.ts';
import { layersModel } from './model.ts';
import { readLayers } from './known-layers.ts';
import { loadNetwork, networkOf } from './network.ts';
import { preprocess } from './preprocess.ts';
import { unfoldedOutputs } from './unfolded.ts';

const FOLDER = new URL('../../public/networks/', import.meta.url);

async function read(id: string) {
  const folder = new URL(`${id}/`, FOLDER);
  const files = new Map<string, Uint8Array>();
  for (const name of await readdir(folder)) files.set(name, await readFile(new URL(name, folder)));
  const golden = parseGolden(files.get('golden.json')!);
  return { golden, files: await networkFromFiles(files) };
}

const numbers = async (tensor: tf.Tensor) => (await tensor.data()) as Float32Array;

/** The networks whose weights are here; of others only the card is. */
const ids = networks.filter(({ weights }) => weights === 'here').map(({ id }) => id);

beforeAll(async () => {
  await tf.setBackend('wasm');
});

describe.each(ids)('%s', (id) => {
  it('needs none of tfjs’s layers, unless it has branches', async () => {
    const { files } = await read(id);
    const known = readLayers(files);
    const network = known && (await networkOf(known, files.card));
    // A branch begins with padding around a pool, which only a layer before it could take along.
    expect(network === null).toBe(id.endsWith('-branchy'));
    network?.dispose();
  });

  /** Two float32 programs that add in different orders differ by about 1e-5 of the largest logit. */
  it('reproduces its golden logits to 1e-3 of the largest', async () => {
    const { golden, files } = await read(id);
    const network = await loadNetwork(files);
    expect(golden.branches?.length ?? 0).toBe(network.summary().branches.length);
    for (const [j, { found, stated }] of (await goldenOutputs(network, golden)).entries()) {
      const scale = Math.max(...stated.flat().map(Math.abs));
      stated.forEach((row, i) =>
        row.forEach((value, k) =>
          expect(
            Math.abs(found[i]![k]! - value),
            `output ${j}, image ${i}, class ${k}`,
          ).toBeLessThan(1e-3 * scale),
        ),
      );
    }
    await checkGolden(network, golden, 'golden.json states');
    await checkGolden(network, await goldenHere(network), 'wasm gives');
    const [first, ...rest] = golden.logits;
    const off = { ...golden, logits: [first!.map((value) => value + 1), ...rest] };
    await expect(checkGolden(network, off, 'golden.json states')).rejects.toThrow(
      /does not give the outputs that golden\.json states: number 1 of image 1 is \S+, expected \S+$/,
    );
    network.dispose();
  });

  it('costs what its card says, with exits at the first layer, every block and the last', async () => {
    const { files } = await read(id);
    const network = await loadNetwork(files);
    expect(network.flops).toBe(2 * files.card.multiplyAccumulates);
    const isDec = files.card.embedding !== null;
    const begin = isDec ? ['dense1', 'dense2'] : ['conv1', 'layer1.0'];
    expect(network.stages.slice(0, 2).map(({ name }) => name)).toEqual(begin);
    expect(network.stages.at(-1)!.name).toBe('classifier');
    network.dispose();
  });

  it('is the same folded and unfolded at every exit, to 1e-4', async () => {
    const { golden, files } = await read(id);
    const count = 4;
    const pixels = preprocess(
      goldenImages({ ...golden, count }),
      count,
      golden.shape,
      files.card.input,
    );
    const x = tf.tensor4d(pixels, [count, ...golden.shape]);
    const plain = await Promise.all(unfoldedOutputs(await layersModel(files), x).map(numbers));
    const network = await loadNetwork(files);
    const folded = await Promise.all(network.forward(x).map(numbers));
    folded.forEach((values, j) => {
      const scale = plain[j]!.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
      const worst = values.reduce((most, v, i) => Math.max(most, Math.abs(v - plain[j]![i]!)), 0);
      expect(worst / scale, network.stages[j]!.name).toBeLessThan(1e-4);
    });
    network.dispose();
  });
});
