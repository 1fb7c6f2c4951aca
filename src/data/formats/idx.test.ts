import { describe, expect, it } from 'vitest';
import { DataError } from '../errors.ts';
import { cycle, gzipped, idxImagesFile, idxLabelsFile, sourceOf } from '../testing.ts';
import { checkLabels, readIdxImages, readIdxLabels } from './idx.ts';

const images = idxImagesFile(5, 4, 3);

/** The error of a promise, which must be a DataError. */
async function sentence(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DataError);
  return (error as DataError).message;
}

describe('idx', () => {
  it('reads images and labels whatever the chunks, packed or not', async () => {
    for (const chunk of [1, 7, 16, 1000]) {
      for (const bytes of [images, await gzipped(images)]) {
        const read = await readIdxImages(sourceOf('a', bytes, chunk));
        expect(read).toMatchObject({ count: 5, total: 5, height: 4, width: 3 });
        expect(read.images).toEqual(images.slice(16));
      }
      const labels = await readIdxLabels(sourceOf('b', idxLabelsFile([3, 1, 2]), chunk));
      expect([...labels]).toEqual([3, 1, 2]);
    }
  });

  it('takes the first images only, in a buffer of that size', async () => {
    const read = await readIdxImages(sourceOf('a', images), { limit: 2 });
    expect(read).toMatchObject({ count: 2, total: 5 });
    expect(read.images.buffer.byteLength).toBe(24);
  });

  it('counts the stored bytes as progress', async () => {
    const packed = await gzipped(idxImagesFile(50));
    let bytes = 0;
    await readIdxImages(sourceOf('a', packed, 64), { onBytes: (more) => (bytes += more) });
    expect(bytes).toBe(packed.length);
  });

  it('says what it expected when the magic number is wrong', async () => {
    const text = new TextEncoder().encode('<!doctype html>');
    expect(await sentence(readIdxImages(sourceOf('page.gz', text)))).toBe(
      'page.gz is no idx file of images: it starts with 0x3c21646f; expected 0x00000803.',
    );
    const floats = images.slice();
    floats[2] = 0x0d;
    expect(await sentence(readIdxImages(sourceOf('floats', floats)))).toContain('(256 bytes)');
    floats[3] = 7;
    expect(await sentence(readIdxImages(sourceOf('seven', floats)))).toContain(
      'seven is an idx file of 7 dimensions; expected 1 or 2 (labels)',
    );
    expect(await sentence(readIdxImages(sourceOf('l', idxLabelsFile(cycle(20)))))).toContain(
      'l holds labels; expected the file of images',
    );
    expect(await sentence(readIdxLabels(sourceOf('i', images)))).toContain('i holds images');
    expect(await sentence(readIdxLabels(sourceOf('none', new Uint8Array(0))))).toContain('empty');
  });

  it('finds a truncated file, by its size or at its end', async () => {
    const cut = images.slice(0, 40);
    const known = await sentence(readIdxImages(sourceOf('cut', cut)));
    expect(known).toContain('cut off: expected 5 images of 4 × 3 (76 bytes), but it ends after 40');
    const packed = await gzipped(cut);
    expect(await sentence(readIdxImages(sourceOf('cut', packed)))).toContain('ends after 40 bytes');
    const labels = await gzipped(idxLabelsFile(cycle(20)).slice(0, 15));
    expect(await sentence(readIdxLabels(sourceOf('labels', labels)))).toContain('20 labels');
    expect(await sentence(readIdxImages(sourceOf('head', images.slice(0, 9))))).toContain(
      '16 bytes of header',
    );
  });

  it('finds a truncated gzip file', async () => {
    const packed = (await gzipped(idxImagesFile(50))).slice(0, 300);
    expect(await sentence(readIdxImages(sourceOf('t.gz', packed)))).toContain(
      't.gz is damaged or cut off',
    );
  });

  it('finds bytes after the last image, and does not mind them under a limit', async () => {
    const long = new Uint8Array(images.length + 1);
    long.set(images);
    for (const bytes of [long, await gzipped(long)]) {
      expect(await sentence(readIdxImages(sourceOf('long', bytes)))).toContain(
        'long goes on after',
      );
    }
    const packed = sourceOf('long', await gzipped(long));
    expect((await readIdxImages(packed, { limit: 2 })).count).toBe(2);
  });

  it('refuses sizes that cannot be right before it makes room for them', async () => {
    const huge = images.slice();
    huge[4] = 0xff;
    expect(await sentence(readIdxImages(sourceOf('huge', huge)))).toContain('cannot be right');
  });

  it('names the first label that is out of range', () => {
    expect(() => checkLabels(new Uint8Array([1, 2, 10]), 10, 'labels')).toThrow(
      'labels gives image 2 the label 10; expected 0 … 9.',
    );
    expect(() => checkLabels(new Uint8Array([1, 2, 9]), 10, 'labels')).not.toThrow();
  });

  it('stops when it is cancelled', async () => {
    const controller = new AbortController();
    const reading = readIdxImages(sourceOf('a', idxImagesFile(100), 100), {
      signal: controller.signal,
      onBytes: (bytes) => bytes > 0 && controller.abort(),
    });
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('says that a source failed, and does not call it damaged', async () => {
    const packed = await gzipped(idxImagesFile(50));
    const stream = () =>
      new ReadableStream<Uint8Array<ArrayBuffer>>({
        start: (controller) => controller.enqueue(packed.slice(0, 100)),
        pull: (controller) => controller.error(new Error('connection lost')),
      });
    const message = await sentence(readIdxImages({ name: 'far.gz', stream }));
    expect(message).toContain('far.gz could not be read to its end (connection lost)');
  });
});
