import { describe, expect, it } from 'vitest';
import { inspectFiles } from '../sources/files.ts';
import { pattern, pngFile } from '../pictures/testing.ts';
import { parquetOf } from '../parquet/testing.ts';
import { sourceOfFile } from '../places.ts';
import type { Ask } from './ask.ts';
import { fetchFromHub } from './fetch.ts';
import { hubText, parseHubName } from './name.ts';
import { hubOf, type HubParts } from './testing.ts';

const SHA = 'a1'.repeat(20);
const table = (count: number) =>
  parquetOf({
    rows: Array.from({ length: count }, (_, i) => ({
      picture: pngFile(pattern(4, 4, 1, i)),
      label: i % 2,
    })),
  });
const CARD = {
  dataset_info: {
    features: [
      { name: 'image', dtype: 'image' },
      { name: 'label', dtype: { class_label: { names: { '0': 'cat', '1': 'dog' } } } },
    ],
  },
};
const PARTS: HubParts = {
  ...{ id: 'own/pets', sha: SHA, card: CARD },
  files: {
    'README.md': new Uint8Array(3),
    'data/train-00000-of-00001.parquet': table(12),
    'data/test-00000-of-00001.parquet': table(4),
  },
};

const failing = (name: string, ask: Ask) =>
  fetchFromHub(name, [], { ask }).then(
    () => 'it came',
    (error: unknown) => (error instanceof Error ? error.message : ''),
  );

describe('a name on the Hub', () => {
  it.each([
    ['ylecun/mnist', 'ylecun/mnist'],
    ['hf:ylecun/mnist', 'ylecun/mnist'],
    ['mnist', 'mnist'],
    [`a/b-c.d:plain_text@${SHA}`, `a/b-c.d:plain_text@${SHA}`],
    ['a/b@refs/convert/parquet', 'a/b@refs/convert/parquet'],
    ['https://huggingface.co/datasets/uoft-cs/cifar10/', 'uoft-cs/cifar10'],
    ['huggingface.co/datasets/a/b/tree/v1.0/data', 'a/b@v1.0'],
    ['https://huggingface.co/datasets/a/b/viewer/plain/train?p=1', 'a/b:plain'],
  ])('is read: %s', (text, name) => expect(hubText(parseHubName(text)!)).toBe(name));

  it.each(['', 'a/b/c', '../b', 'https://example.org/a/b', 'a b', 'a/b:'])(
    'is none: “%s”',
    (text) => expect(parseHubName(text)).toBeNull(),
  );
});

describe('a dataset of the Hub', () => {
  it('is fetched whole at the commit, with the names of its card, and read as files are', async () => {
    const asked: string[] = [];
    const { name, files } = await fetchFromHub('own/pets', [], { ask: hubOf(PARTS, asked) });
    expect(name).toBe(`own/pets@${SHA}`);
    expect(asked).toEqual([
      'https://huggingface.co/api/datasets/own/pets/revision/main?blobs=true',
      `https://huggingface.co/datasets/own/pets/resolve/${SHA}/data/test-00000-of-00001.parquet`,
      `https://huggingface.co/datasets/own/pets/resolve/${SHA}/data/train-00000-of-00001.parquet`,
    ]);
    const { report } = await inspectFiles(
      files.map(({ path, content }) =>
        sourceOfFile({ path, file: new File([content], path.split('/').at(-1)!) }),
      ),
    );
    expect(report.pictures).toMatchObject({
      ...{ classes: ['cat', 'dog'], counts: { train: 12, test: 4 }, isGrey: true },
    });
  });

  it('that is at hand already is only named', async () => {
    const known = [`own/pets@${SHA}`];
    const { files } = await fetchFromHub('own/pets', known, { ask: hubOf(PARTS) });
    expect(files).toEqual([]);
  });

  it('that is no parquet comes from the branch that the Hub has converted', async () => {
    const parts = {
      ...{ ...PARTS, files: { 'images.zip': new Uint8Array(9) } },
      converted: { 'default/train/0000.parquet': table(8), 'default/test/0000.parquet': table(4) },
    };
    const { name, files } = await fetchFromHub('own/pets', [], { ask: hubOf(parts) });
    expect(name).toBe(`own/pets@${'c'.repeat(40)}`);
    expect(files.map(({ path }) => path)).toContain('own/pets/default/train/0000.parquet');
  });

  it('of several configurations is one of them', async () => {
    const files = { 'big/train-0.parquet': table(8), 'small/train-0.parquet': table(4) };
    const ask = hubOf({ ...PARTS, files });
    expect(await failing('own/pets', ask)).toBe(
      'own/pets has several configurations: big, small. Say which one: own/pets:big.',
    );
    expect(await failing('own/pets:none', ask)).toBe(
      'own/pets has no configuration “none”; it has big, small. Write it as own/pets:big.',
    );
    const { name } = await fetchFromHub('own/pets:small', [], { ask });
    expect(name).toBe(`own/pets:small@${SHA}`);
    const card = {
      configs: [
        { config_name: 'one', data_files: [{ split: 'train', path: 'big/*' }] },
        { config_name: 'two', default: true, data_files: '**/train-*' },
      ],
    };
    const said = await fetchFromHub('own/pets', [], { ask: hubOf({ ...PARTS, files, card }) });
    expect(said.name).toBe(`own/pets:two@${SHA}`);
    expect(said.files).toHaveLength(2);
  });

  const answer =
    (status: number, code = ''): Ask =>
    () =>
      Promise.resolve(
        new Response('{}', { status, headers: code ? { 'x-error-code': code } : {} }),
      );
  const short = (parts: HubParts): Ask => {
    const ask = hubOf(parts);
    return async (address) => {
      const response = await ask(address);
      if (!address.includes('/resolve/')) return response;
      return new Response((await response.arrayBuffer()).slice(0, 100));
    };
  };
  it.each<[string, Ask, RegExp]>([
    [
      'own/pets',
      () => Promise.reject(new TypeError('Failed to fetch')),
      /not be reached.*\(CORS\).*drop them here/,
    ],
    ['own/none', hubOf(PARTS), /^There is no public dataset “own\/none” on the Hugging Face Hub/],
    ['own/pets@v9', hubOf(PARTS), /^own\/pets has no revision “v9” on the Hub/],
    [
      'own/pets',
      hubOf({ ...PARTS, gated: 'manual' }),
      /is gated: .* accepted its terms.*drop them/,
    ],
    ['own/pets', answer(403, 'GatedRepo'), /is gated/],
    ['own/pets', answer(429), /too many questions.*\(429\)/],
    ['own/pets', answer(503), /^The Hub answered 503 on own\/pets/],
    ['own/pets', answer(200), /is not understood/],
    ['own/pets', () => Promise.resolve(new Response('<html>')), /is no JSON/],
    [
      'own/pets',
      hubOf({ ...PARTS, files: { 'a.zip': new Uint8Array(1) } }),
      /has no parquet files/,
    ],
    ['own/pets', short(PARTS), /has 100 bytes; the Hub says/],
    [
      'no name',
      hubOf(PARTS),
      /^“no name” is no name of a dataset on the Hub; expected owner\/name/,
    ],
  ])('that cannot be had says so: %s', async (name, ask, sentence) =>
    expect(await failing(name, ask)).toMatch(sentence),
  );

  it('that is too large is refused before it is fetched', async () => {
    const large = new Proxy(new Uint8Array(0), {
      get: (target, key) => (key === 'length' ? 2 ** 31 : (Reflect.get(target, key) as unknown)),
    });
    const ask = hubOf({ ...PARTS, files: { 'train.parquet': large } });
    expect(await failing('own/pets', ask)).toMatch(
      /has 2,048 MiB of parquet files; up to 1024 MiB/,
    );
  });
});
