import { describe, expect, it } from 'vitest';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { loadDataset } from '../load.ts';
import { inspectFiles } from '../sources/files.ts';
import { pattern, pngFile } from '../pictures/testing.ts';
import type { Reading } from '../pictures/read.ts';
import type { ByteSource, Bytes } from '../formats/bytes.ts';
import { parquetOf, type Row } from './testing.ts';

const source = (path: string, bytes: Bytes): ByteSource => {
  const blob = new Blob([bytes]);
  return {
    ...{ name: path.split('/').at(-1)!, path, size: blob.size, blob },
    stream: () => blob.stream() as ReadableStream<Bytes>,
  };
};

const picture = (seed: number) => pattern(8, 8, 3, seed);
const rows = (count: number, seed: number, classes = 3): Row[] =>
  Array.from({ length: count }, (_, i) => ({
    picture: pngFile(picture(seed + i)),
    label: (i * 2) % classes,
  }));

const NAMES = ['zebra', 'T-shirt/top', '.hidden'];
const reading: Reading = {
  ...{ share: 0.25, seed: 1, fit: 'crop' },
  target: { size: 8, most: 8, channels: 3 },
};
const sentenceOf = async (...files: ByteSource[]) => (await inspectFiles(files)).report.sentence;

describe('parquet files of pictures', () => {
  it('are a dataset in the order of their rows, under the names that they say', async () => {
    const files = [
      source('d/train-00000-of-00002.parquet', parquetOf({ rows: rows(20, 0), names: NAMES })),
      source('d/train-00001-of-00002.parquet', parquetOf({ rows: rows(5, 50), names: NAMES })),
      source('d/test-00000-of-00001.parquet', parquetOf({ rows: rows(9, 90), names: NAMES })),
    ];
    const { report } = await inspectFiles(files);
    expect(report.pictures).toMatchObject({ classes: NAMES, counts: { train: 25, test: 9 } });
    const dataset = await loadDataset({ files, reading });
    expect(dataset.classes).toEqual(NAMES);
    expect(dataset.shape).toEqual([8, 8, 3]);
    const wanted = [...Array(20).keys(), ...[50, 51, 52, 53, 54]];
    wanted.forEach((seed, i) =>
      expect(dataset.train.images.subarray(i * 192, (i + 1) * 192)).toEqual(picture(seed).pixels),
    );
    expect([...dataset.train.labels.subarray(0, 6)]).toEqual([0, 2, 1, 0, 2, 1]);
    expect([...dataset.train.labels.subarray(20)]).toEqual([0, 2, 1, 0, 2]);
    expect(dataset.test.count).toBe(9);
  });

  it('give only as many as are asked for, and a seeded share where no name says the split', async () => {
    const files = [source('all.parquet', parquetOf({ rows: rows(24, 0), names: NAMES }))];
    const dataset = await loadDataset({ files, reading, limit: { train: 4 } });
    expect(dataset.train.count).toBe(4);
    expect(dataset.test.count).toBe(6);
    expect(dataset.note).toContain('25 % of every class, drawn by seed 1');
  });

  it('take the names from dataset_info.json, or words as they stand, or numbers', async () => {
    const bare = source('train.parquet', parquetOf({ rows: rows(9, 0) }));
    const info = { features: { label: { _type: 'ClassLabel', names: NAMES } } };
    const beside = source('dataset_info.json', new TextEncoder().encode(JSON.stringify(info)));
    expect((await inspectFiles([bare, beside])).report.pictures?.classes).toEqual(NAMES);
    expect((await inspectFiles([bare])).report.pictures?.classes).toEqual(['0', '1', '2']);
    const words = rows(8, 0).map((row, i) => ({ ...row, label: i % 2 ? 'über/all' : 'an apple' }));
    const { pictures } = (await inspectFiles([source('w.parquet', parquetOf({ rows: words }))]))
      .report;
    expect(pictures?.classes).toEqual(['an apple', 'über/all']);
  });

  it('leave out rows without a label or a picture, and say so', async () => {
    const some = rows(12, 0);
    some[3] = { ...some[3]!, label: -1 };
    some[4] = { ...some[4]!, picture: null };
    some[5] = { ...some[5]!, picture: new TextEncoder().encode('no picture') };
    const files = [source('all.parquet', parquetOf({ rows: some, names: NAMES }))];
    const dataset = await loadDataset({ files, reading });
    expect(dataset.train.count + dataset.test.count).toBe(9);
    expect(dataset.note).toContain('a row has no label and is left out; 2 pictures are left out');
    expect(dataset.leftOut).toContain(
      'all.parquet, row 4, has no picture: only its path is there, or nothing. It is left out.',
    );
  });

  it('say in a sentence what is wrong with them', async () => {
    const text = new TextEncoder().encode('PAR1 no parquet at all');
    expect(await sentenceOf(source('a.parquet', text))).toMatch(
      /^a.parquet is no parquet file, or is cut off/,
    );
    const whole = parquetOf({ rows: rows(9, 0), names: NAMES });
    expect(await sentenceOf(source('a.parquet', whole.slice(0, whole.length - 40)))).toMatch(
      /^a.parquet is no parquet file, or is cut off/,
    );
    const numbers = new Uint8Array(
      parquetWriteBuffer({ columnData: [{ name: 'x', data: [1, 2], type: 'INT32' }] }),
    );
    expect(await sentenceOf(source('n.parquet', numbers))).toBe(
      'n.parquet has no column of pictures; its columns are x (int32). Expected one of PNG or JPEG files, as the Hub’s “Image” columns are.',
    );
    const many = rows(300, 0).map((row, i) => ({ ...row, label: i }));
    expect(await sentenceOf(source('m.parquet', parquetOf({ rows: many })))).toBe(
      'The column of labels has 300 different ones; at most 256 classes can be told apart here.',
    );
    const off = parquetOf({ rows: rows(9, 0), names: NAMES.slice(0, 2) });
    expect(await sentenceOf(source('o.parquet', off))).toMatch(/A label is 2, but only 2 classes/);
    const one = parquetOf({ rows: rows(5, 0, 1), names: ['cat'] });
    expect(await sentenceOf(source('one.parquet', one))).toBe(
      'All rows are of one class (cat); telling classes apart takes two at least.',
    );
    const unnamed = rows(4, 0).map((row) => ({ ...row, label: 'x' }));
    const mixed = [source('w.parquet', parquetOf({ rows: unnamed }))];
    mixed.push(source('v.parquet', parquetOf({ rows: rows(4, 0) })));
    expect(await sentenceOf(...mixed)).toContain('belong to different datasets');
  });
});
