/** For tests: the same made-up images in the layouts that CIFAR-10 comes in. */
import { zipSync } from 'fflate';
import { npyFile } from '../arrays/testing.ts';
import { catalogue } from '../catalogue.ts';
import type { Bytes, ByteSource } from '../formats/bytes.ts';
import { parquetOf } from '../parquet/testing.ts';
import { gzipped, sourceOf } from '../testing.ts';
import { pattern, pngFile, tarOf } from './testing.ts';

export interface Alike {
  readonly names: readonly string[];
  /** As CIFAR-10's binary batches. */
  readonly binary: readonly ByteSource[];
  /** In every other layout, by what it is. */
  readonly others: Readonly<Record<string, readonly ByteSource[]>>;
}

const placed = (path: string, bytes: Bytes): ByteSource => ({
  ...sourceOf(path.replace(/^.*\//, ''), bytes),
  path,
});
const folder = (files: Readonly<Record<string, Bytes>>): ByteSource[] =>
  Object.entries(files).map(([path, bytes]) => placed(path, bytes));
const zip = (files: Readonly<Record<string, Bytes>>): Bytes => Uint8Array.from(zipSync(files));

/** Ten images for training, one a class, and two for test. */
export async function alike(): Promise<Alike> {
  const names = catalogue['cifar-10'].classes;
  const labels = { train: [3, 0, 9, 5, 4, 1, 2, 8, 7, 6], test: [5, 0] };
  const image = (split: 'train' | 'test', i: number) =>
    pattern(32, 32, 3, i + (split === 'test' ? 100 : 0));
  const record = (split: 'train' | 'test', i: number): number[] => {
    const { pixels } = image(split, i);
    const planes = [0, 1, 2].map((c) => Array.from({ length: 1024 }, (_, p) => pixels[3 * p + c]!));
    return [labels[split][i]!, ...planes.flat()];
  };
  const batch = (split: 'train' | 'test', from: number): Bytes =>
    Uint8Array.from([...record(split, from), ...record(split, from + 1)]);
  const batches: Readonly<Record<string, Bytes>> = {
    ...Object.fromEntries(
      [0, 1, 2, 3, 4].map((n) => [`data_batch_${n + 1}.bin`, batch('train', 2 * n)]),
    ),
    'test_batch.bin': batch('test', 0),
  };
  const inFolder = (name: string, files: Readonly<Record<string, Bytes>>) =>
    tarOf(Object.fromEntries(Object.entries(files).map(([at, bytes]) => [`${name}/${at}`, bytes])));
  const splits = ['train', 'test'] as const;
  const pictures = Object.fromEntries(
    splits.flatMap((split) =>
      labels[split].map((label, i): [string, Bytes] => [
        `${split}/${names[label]!}/${String(i).padStart(5, '0')}.png`,
        pngFile(image(split, i)),
      ]),
    ),
  );
  const arrays = splits.flatMap((split): [string, Bytes][] => {
    const count = labels[split].length;
    const pixels = labels[split].flatMap((_, i) => [...image(split, i).pixels]);
    const array = (shape: number[], of: readonly number[]) =>
      Uint8Array.from(npyFile(shape, Float64Array.from(of), '|u1'));
    return [
      [`x_${split}.npy`, array([count, 32, 32, 3], pixels)],
      [`y_${split}.npy`, array([count], labels[split])],
    ];
  });
  const tables = splits.map((split) =>
    placed(
      `data/${split}-00000-of-00001.parquet`,
      parquetOf({
        names,
        rows: labels[split].map((label, i) => ({ picture: pngFile(image(split, i)), label })),
      }),
    ),
  );
  const tar = inFolder('./cifar', pictures);
  return {
    names,
    binary: folder(batches),
    others: {
      'an npz': [sourceOf('cifar.npz', zip(Object.fromEntries(arrays)))],
      'folders, in any order': folder(pictures).reverse(),
      'a zip': [sourceOf('cifar.zip', zip(pictures))],
      'a tar': [sourceOf('cifar.tar', tar)],
      'a packed tar': [sourceOf('cifar.tar.gz', await gzipped(tar))],
      'binary batches in a packed tar': [
        sourceOf(
          'cifar-10-binary.tar.gz',
          await gzipped(inFolder('cifar-10-batches-bin', batches)),
        ),
      ],
      parquet: tables,
    },
  };
}
