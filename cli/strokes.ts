/** Writes the strokes dataset as published idx files: `npm run strokes -- --out DIR [--seed 1 --train 60000 --test 10000]`. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { drawInto, emptySplit, STROKES_VERSION } from '../src/data/strokes/index.ts';
import type { SplitName } from '../src/core/dataset.ts';

const SIDE = 28;

/** Big-endian header of an idx file of unsigned bytes. */
function idxHeader(...sizes: number[]): Buffer {
  const header = Buffer.alloc(4 + 4 * sizes.length);
  header.writeUInt32BE(0x0800 + sizes.length, 0);
  sizes.forEach((size, i) => header.writeUInt32BE(size, 4 + 4 * i));
  return header;
}

async function writeSplit(folder: string, seed: number, split: SplitName, count: number) {
  const { images, labels, difficulty } = emptySplit(count);
  const start = performance.now();
  drawInto(images, labels, difficulty, 0, count, seed, split);
  const each = ((performance.now() - start) * 1000) / Math.max(1, count);
  const prefix = split === 'train' ? 'train' : 't10k';
  const files = {
    [`${prefix}-images-idx3-ubyte.gz`]: Buffer.concat([idxHeader(count, SIDE, SIDE), images]),
    [`${prefix}-labels-idx1-ubyte.gz`]: Buffer.concat([idxHeader(count), labels]),
  };
  for (const [name, bytes] of Object.entries(files)) {
    await writeFile(join(folder, name), gzipSync(bytes, { level: 6 }));
  }
  console.log(`${split}: ${count} images, ${each.toFixed(0)} µs each`);
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) {
    throw new Error(`--${name} must be a whole number, 0 or more; got "${text}".`);
  }
  return value;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      out: { type: 'string' },
      seed: { type: 'string', default: '1' },
      train: { type: 'string', default: '60000' },
      test: { type: 'string', default: '10000' },
    },
  });
  if (!values.out) throw new Error('Name the folder to write to: --out DIR.');
  const seed = wholeNumber('seed', values.seed);
  await mkdir(values.out, { recursive: true });
  console.log(`strokes version ${STROKES_VERSION}, seed ${seed} → ${values.out}`);
  await writeSplit(values.out, seed, 'train', wholeNumber('train', values.train));
  await writeSplit(values.out, seed, 'test', wholeNumber('test', values.test));
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
