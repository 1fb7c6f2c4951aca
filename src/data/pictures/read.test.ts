/** Folders and archives of pictures: what they hold, in which order, and what is said of what cannot be used. */
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../core/dataset.ts';
import type { Bytes, ByteSource } from '../formats/bytes.ts';
import { loadDataset } from '../load.ts';
import { inspectFiles } from '../sources/files.ts';
import { gzipped, idxSet, sourceOf } from '../testing.ts';
import { alike } from './testing-alike.ts';
import type { Reading } from './read.ts';
import { pngFile, tarOf } from './testing.ts';

type Files = Readonly<Record<string, Bytes>>;

const text = (words: string): Bytes => new TextEncoder().encode(words);
const at = (path: string, bytes: Bytes): ByteSource => ({
  ...sourceOf(path.replace(/^.*\//, ''), bytes),
  path,
});
const folder = (files: Files): ByteSource[] =>
  Object.entries(files).map(([path, bytes]) => at(path, bytes));
const zip = (files: Files): Bytes => Uint8Array.from(zipSync(files));
const reading: Reading = {
  ...{ share: 0.25, seed: 7, fit: 'crop' },
  target: { size: 8, most: 8, channels: 3 },
};
const load = (files: readonly ByteSource[], other: Partial<Reading> = {}): Promise<Dataset> =>
  loadDataset({ files, reading: { ...reading, ...other } });
const said = (files: readonly ByteSource[]): Promise<string> =>
  load(files).then(
    (dataset) => [dataset.note, ...(dataset.leftOut ?? [])].join('\n'),
    (error: unknown) => (error instanceof Error ? error.message : ''),
  );

/** A picture of one colour: what is left of it after any resizing is known. */
const plain = (value: number, side = 4): Bytes => {
  const pixels = new Uint8Array(3 * side * side).fill(value);
  return pngFile({ width: side, height: side, channels: 3, pixels });
};
const colours = ({ train, test, shape }: Dataset) => {
  const size = shape[0] * shape[1] * shape[2];
  const of = ({ images, count }: Dataset['train']) =>
    Array.from({ length: count }, (_, i) => images[i * size]!);
  return { train: of(train), test: of(test) };
};
const pets: Files = {
  ...Object.fromEntries([1, 2, 10, 3].map((n) => [`cat/${n}.png`, plain(n)])),
  ...Object.fromEntries([1, 2, 10, 3].map((n) => [`dog/${n}.png`, plain(100 + n)])),
};

describe('the same images', () => {
  it('as binary batches, an npz, folders, a zip, a tar and parquet are the same dataset, byte for byte', async () => {
    const { names, binary, others } = await alike();
    const target = { size: 32, most: 32, channels: 3 } as const;
    const expected = await load(binary);
    expect(expected.id).toBe('cifar-10');
    for (const [what, files] of Object.entries(others)) {
      const dataset = await load(files, { target });
      expect(dataset.train, what).toEqual(expected.train);
      expect(dataset.test, what).toEqual(expected.test);
      expect(dataset.shape, what).toEqual([32, 32, 3]);
      if (what !== 'an npz') expect(dataset.classes, what).toEqual(names);
    }
  });
});

describe('folders of pictures', () => {
  it('are divided by a seed, class by class, and say so', async () => {
    const dataset = await load(folder(pets));
    expect(dataset).toMatchObject({ classes: ['cat', 'dog'], shape: [4, 4, 3], seed: 7 });
    expect([dataset.train.count, dataset.test.count]).toEqual([6, 2]);
    expect(dataset.note).toBe('25 % of every class, drawn by seed 7, are the test images');
    expect(await load(folder(pets).reverse())).toEqual(dataset);
    const drawn = new Set<string>();
    for (let seed = 1; seed < 9; seed++)
      drawn.add(colours(await load(folder(pets), { seed })).test.join());
    expect(drawn.size).toBeGreaterThan(2);
  });

  it('come class after class in turn, in the order of their numbers', async () => {
    const { train, test } = colours(await load(folder(pets)));
    expect([...train, ...test].sort((a, b) => a - b)).toEqual([1, 2, 3, 10, 101, 102, 103, 110]);
    expect(train.map((value) => value > 100)).toEqual([false, true, false, true, false, true]);
    const cats = train.filter((value) => value < 100);
    expect(cats).toEqual([...cats].sort((a, b) => a - b));
  });

  it.each([
    ['train and test', ['train/cat/1', 'train/dog/1', 'test/cat/1', 'test/dog/1']],
    [
      'Training and VALID',
      ['set/Training/cat/1', 'set/Training/dog/1', 'set/VALID/cat/1', 'set/VALID/dog/1'],
    ],
    [
      'train in train',
      ['a/train/train/cat/1', 'a/train/train/dog/1', 'a/test/test/cat/1', 'a/test/test/dog/1'],
    ],
    ['splits in classes', ['x/cat/train/1', 'x/dog/train/1', 'x/cat/test/1', 'x/dog/test/1']],
    ['folders in classes', ['train/cat/old/1', 'train/dog/1', 'test/cat/new/1', 'test/dog/1']],
  ])('with %s know their splits', async (_, paths) => {
    const files = folder(Object.fromEntries(paths.map((path, i) => [`${path}.png`, plain(i)])));
    const dataset = await load(files);
    expect(dataset.classes).toEqual(['cat', 'dog']);
    expect(colours(dataset)).toEqual({ train: [0, 1], test: [2, 3] });
  });

  it('leave validation images aside where there are test images, and say when they take their place', async () => {
    const files = ['train/a/1', 'train/b/1', 'val/a/1', 'val/b/1', 'val/b/2'];
    const of = (paths: string[]) =>
      folder(Object.fromEntries(paths.map((path, i) => [`${path}.png`, plain(i)])));
    expect(await said(of(files))).toBe('the validation images are the test images');
    expect(await said(of([...files, 'test/a/1']))).toBe(
      '3 validation images are left aside; no test image of b',
    );
  });

  it('name classes in any writing, whole numbers by their value', async () => {
    const of = async (names: string[]) =>
      (
        await load(
          folder(
            Object.fromEntries(
              names.flatMap((name, i) =>
                [1, 2].map((n): [string, Bytes] => [`${name}/${n}.png`, plain(9 * i + n)]),
              ),
            ),
          ),
        )
      ).classes;
    expect(await of(['10', '9', '0'])).toEqual(['0', '9', '10']);
    expect(await of(['猫', '犬', 'Ärger', 'zebra'])).toEqual(['zebra', 'Ärger', '犬', '猫']);
    const [composed, apart] = ['é'.normalize('NFC'), 'é'.normalize('NFD')];
    const files = folder({
      [`train/${apart}/1.png`]: plain(1),
      'train/a/1.png': plain(2),
      [`test/${composed}/1.png`]: plain(3),
      'test/a/1.png': plain(4),
    });
    expect((await load(files)).classes).toEqual(['a', composed]);
  });

  it('are resized as stated once one differs, and keep their pixels until then', async () => {
    const wide = pngFile({
      width: 16,
      height: 8,
      channels: 3,
      pixels: Uint8Array.from({ length: 384 }, (_, i) => ((i / 3) % 16 < 4 ? 200 : 100)),
    });
    const files = folder({
      'a/1.png': plain(5),
      'a/2.png': plain(6),
      'b/1.png': wide,
      'b/2.png': wide,
    });
    const corner = async (fit: Reading['fit']) => {
      const dataset = await load(files, { fit });
      expect(dataset.shape).toEqual([8, 8, 3]);
      const image = dataset.test.images.subarray(192, 384);
      return {
        note: dataset.note,
        row: [0, 1, 2, 7].map((x) => image[(4 * 8 + x) * 3]!),
        top: image[0],
      };
    };
    expect(await corner('crop')).toEqual({
      note: expect.stringContaining(
        'pictures are cut to the square in the middle and resized to 8 × 8 (area average; bilinear where they are smaller)',
      ),
      ...{ row: [100, 100, 100, 100], top: 100 },
    });
    expect(await corner('stretch')).toMatchObject({ row: [200, 200, 100, 100], top: 200 });
    expect(await corner('pad')).toMatchObject({ row: [200, 200, 100, 100], top: 0 });
    const large = folder({
      'a/1.png': plain(5, 64),
      'a/2.png': plain(6, 64),
      'b/1.png': plain(7, 1),
      'b/2.png': plain(8, 1),
    });
    expect((await load(large)).shape).toEqual([8, 8, 3]);
  });

  it('become grey or coloured as the network takes them', async () => {
    const grey = { target: { size: 8, most: 8, channels: 1 } } as const;
    const red = pngFile({ width: 1, height: 1, channels: 3, pixels: Uint8Array.of(255, 0, 0) });
    const pale = pngFile({ width: 1, height: 1, channels: 1, pixels: Uint8Array.of(9) });
    const files = folder({ 'a/1.png': red, 'a/2.png': red, 'b/1.png': pale, 'b/2.png': pale });
    const dataset = await load(files, grey);
    expect([dataset.shape, colours(dataset).train]).toEqual([
      [1, 1, 1],
      [76, 9],
    ]);
    expect(dataset.note).toContain('colour is made grey');
    expect((await load(files)).note).toContain('grey is made colour');
  });

  it('go on without a picture that cannot be decoded, and name it', async () => {
    const files = {
      ...pets,
      'cat/4.png': text('no picture'),
      'cat/5.jpg': plain(50).slice(0, 30),
      'dog/6.png': text(''),
    };
    const dataset = await load(folder(files));
    expect(dataset.train.count + dataset.test.count).toBe(8);
    expect(dataset.note).toContain('3 pictures are left out');
    expect(dataset.leftOut?.toSorted()).toEqual([
      'cat/4.png is no picture: it holds text (“no picture”).',
      'cat/5.jpg is cut off: it ends before the picture does. Copy or download it again.',
      'dog/6.png is empty.',
    ]);
  });

  it('say which test images are training images too', async () => {
    const files = folder({
      'train/a/1.png': plain(1),
      'train/b/1.png': plain(2),
      'test/a/1.png': plain(1),
      'test/b/1.png': plain(3),
    });
    expect(await said(files)).toBe('a test image is among the training images too');
  });

  it('are limited as others are, and can be stopped', async () => {
    const limited = await loadDataset({
      files: folder(pets),
      reading,
      limit: { train: 4, test: 1 },
    });
    expect([limited.train.count, limited.test.count]).toEqual([4, 1]);
    expect([...limited.train.labels]).toEqual([0, 1, 0, 1]);
    expect(limited.note).toContain(
      'training images: the first 4 of 6; test images: the first 1 of 2',
    );
    const control = new AbortController();
    const seen: (number | null)[] = [];
    const stopped = loadDataset(
      { files: folder(pets), reading },
      {
        signal: control.signal,
        onProgress: ({ done }) => {
          seen.push(done);
          if (done === 3) control.abort();
        },
      },
    );
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
    expect(seen).toEqual([0, 1, 2, 3]);
  });

  it('that are complete dataset files beside pictures are those files', async () => {
    const files = [
      ...[...idxSet()].map(([name, bytes]) => at(`set/${name}`, bytes)),
      at('set/sample.png', plain(1)),
    ];
    const { report } = await inspectFiles(files);
    expect(report).toMatchObject({ format: 'idx', complete: true, pictures: null });
  });
});

describe('odd folders and archives', () => {
  const many = (count: number): Files => {
    const one = plain(1);
    return Object.fromEntries(Array.from({ length: count }, (_, i) => [`class ${i}/1.png`, one]));
  };
  const cut = zip(pets).slice(0, 400);
  const forged = (): Bytes => {
    const bytes = zip({ 'a/1.png': new Uint8Array(9), 'b/1.png': plain(1) });
    // The directory says that the first one unpacks to 1 GB.
    const at = bytes.findIndex(
      (_, i) => bytes[i] === 0x50 && bytes[i + 1] === 0x4b && bytes[i + 2] === 1,
    );
    bytes.set([0, 0, 0, 0x40], at + 24);
    return bytes;
  };
  const locked = (): Bytes => {
    const bytes = zip(pets);
    for (let i = 0; i + 8 < bytes.length; i++)
      if (bytes[i] === 0x50 && bytes[i + 1] === 0x4b && bytes[i + 2] === 1) bytes[i + 8]! |= 1;
    return bytes;
  };
  const cases: [
    what: string,
    files: () => ByteSource[] | Promise<ByteSource[]>,
    sentence: RegExp,
  ][] = [
    [
      'one class',
      () => folder({ 'train/cat/1.png': plain(1), 'test/cat/1.png': plain(2) }),
      /^There is only one class folder with training images \(cat\)/,
    ],
    [
      '10,001 classes',
      () => folder(many(10_001)),
      /^There are 10,001 class folders; at most 256 classes/,
    ],
    [
      'one picture in each',
      () => folder({ 'a/1.png': plain(1), 'b/1.png': plain(2) }),
      /^Every class folder holds one picture only/,
    ],
    [
      'test images alone',
      () => folder({ 'test/a/1.png': plain(1), 'val/b/1.png': plain(2) }),
      /^There are folders of test images, but none of training images/,
    ],
    [
      'no picture that opens',
      () => folder(Object.fromEntries(Object.keys(pets).map((path) => [path, text('x')]))),
      /^None of the training pictures can be used\. cat\/\d+\.png is no picture/,
    ],
    ['nothing in it', () => [sourceOf('empty.zip', zip({}))], /^empty\.zip holds no files\.$/],
    [
      'only text',
      () => [sourceOf('notes.zip', zip({ 'a.txt': text('hello'), 'b.txt': text('you') }))],
      /a\.txt is neither an idx file/,
    ],
    ['a cut zip', () => [sourceOf('pets.zip', cut)], /^pets\.zip is no whole zip archive/],
    [
      'a locked zip',
      () => [sourceOf('pets.zip', locked())],
      /^pets\.zip is locked with a password/,
    ],
    [
      'a bomb',
      () => [sourceOf('bomb.zip', forged())],
      /^bomb\.zip: a\/1\.png claims to unpack \d+ bytes to 1,073,741,824, which no zip can/,
    ],
    [
      'a cut tar',
      () => [sourceOf('pets.tar', tarOf(pets).slice(0, 1000))],
      /^pets\.tar is no whole tar archive \(it is cut off\)/,
    ],
    [
      'a damaged tar',
      () => [sourceOf('pets.tar', changed(tarOf(pets), 130, 57))],
      /^pets\.tar is no whole tar archive \(its entry at byte 0 does not add up\)/,
    ],
    [
      'a cut packed tar',
      async () => [sourceOf('cut.tar.gz', (await gzipped(tarOf(pets))).slice(0, 150))],
      /cut\.tar\.gz is damaged or cut off/,
    ],
  ];
  it.each(cases)('with %s are refused with a sentence', async (_, files, sentence) => {
    const sentences = await said(await files());
    expect(sentences).toMatch(sentence);
    expect(sentences).not.toMatch(/undefined|\[object/);
  });

  const kept: [what: string, files: () => ByteSource[], sentence: RegExp][] = [
    [
      'what systems put there',
      () =>
        folder({
          ...pets,
          '__MACOSX/cat/._1.png': text('x'),
          'cat/.DS_Store': text('x'),
          'dog/Thumbs.db': text('x'),
          'desktop.ini': text('x'),
          'cat/._2.png': text('x'),
        }),
      /^25 % of every class, drawn by seed 7, are the test images$/,
    ],
    [
      'a name that leads out',
      () => [sourceOf('evil.zip', zip({ ...pets, '../../etc/cat/1.png': plain(3) }))],
      /evil\/\.\.\/\.\.\/etc\/cat\/1\.png: the path leads out of its archive; it is left out\.$/,
    ],
    [
      'a zip in a zip',
      () => [sourceOf('outer.zip', zip({ ...pets, 'inner.zip': zip(pets) }))],
      /^25 % of every class/,
    ],
    [
      'a picture beside the classes',
      () => folder({ ...pets, 'cover.png': plain(1) }),
      /cover\.png lies in no class folder and is left out\.$/,
    ],
    [
      'a folder beside train and test',
      () =>
        folder({
          'train/a/1.png': plain(1),
          'train/b/1.png': plain(2),
          'test/a/1.png': plain(3),
          'other/c/1.png': plain(4),
        }),
      /other lies beside the folders of training and test images; a picture is left out\.$/,
    ],
    [
      'a class of test images alone',
      () =>
        folder({
          'train/a/1.png': plain(1),
          'train/b/1.png': plain(2),
          'test/a/1.png': plain(3),
          'test/c/1.png': plain(4),
        }),
      /c: there is a test image, but no training image; it is left out\.$/,
    ],
    [
      'one picture in a class',
      () => folder({ ...pets, 'eel/1.png': plain(200) }),
      /no test image of eel/,
    ],
    [
      'backslashes',
      () => [
        sourceOf(
          'windows.zip',
          zip(
            Object.fromEntries(
              Object.entries(pets).map(([path, bytes]) => [path.replace('/', '\\'), bytes]),
            ),
          ),
        ),
      ],
      /^25 % of every class/,
    ],
    [
      'a zip a class',
      () => [
        sourceOf('cat.zip', zip({ '1.png': plain(1), '2.png': plain(2) })),
        sourceOf('dog.zip', zip({ '1.png': plain(3), '2.png': plain(4) })),
      ],
      /^25 % of every class/,
    ],
    ['long names in tar', () => [sourceOf('long.tar', longTar())], /^25 % of every class/],
  ];

  it.each(kept)('with %s go on with the rest', async (_, files, sentence) => {
    expect(await said(files())).toMatch(sentence);
    const { classes, train } = await load(files());
    expect(train.count).toBeGreaterThan(1);
    expect(classes.length).toBeGreaterThan(1);
  });

  it('say that archives in archives stay closed', async () => {
    const nested = [sourceOf('outer.zip', zip({ ...pets, 'more/inner.zip': zip(pets) }))];
    const { report } = await inspectFiles(nested);
    expect(report.sentence).toContain(
      '8 pictures of 2 classes: 6 for training, 2 for test, drawn by a seed.',
    );
    expect(report.sentence).toContain(
      'outer.zip holds a further archive (inner.zip), which stays closed',
    );
    expect(report).toMatchObject({
      complete: true,
      format: 'pictures',
      counts: { train: 6, test: 2 },
    });
  });
});

const changed = (bytes: Bytes, at: number, value: number): Bytes => {
  bytes[at] = value;
  return bytes;
};

/** Names of more than a hundred bytes, before each of which an entry of its own gives it. */
function longTar(): Bytes {
  const parts = Object.entries(pets).flatMap(([path, bytes]) => {
    const long = `${'deep/'.repeat(30)}${path}`;
    const body = ` path=${long}\n`;
    const length = body.length + String(body.length + 3).length;
    return [
      tarOf({ pax: text(`${length}${body}`) }, 'x').slice(0, -1024),
      tarOf({ short: bytes }).slice(0, -1024),
    ];
  });
  return Uint8Array.from([...parts.flatMap((part) => [...part]), ...new Uint8Array(1024)]);
}
