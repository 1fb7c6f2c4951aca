/** Pictures of one's own that cannot be opened, a line each: what is wrong, and what the page says of it. */
import { zipSync } from 'fflate';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { parquetOf } from '../../src/data/parquet/testing.ts';
import { pattern, pngFile, tarOf } from '../../src/data/pictures/testing.ts';
import { text, type Dropped } from './table.ts';

const picture = (seed: number): Uint8Array => pngFile(pattern(4, 4, 1, seed));
const pets = Object.fromEntries(
  ['cat', 'dog'].flatMap((name, k) =>
    [1, 2, 3].map((n): [string, Uint8Array] => [`${name}/${n}.png`, picture(10 * k + n)]),
  ),
);
/** Where the directory of a zip has its first entry. */
const directoryOf = (zip: Uint8Array): number =>
  zip.findIndex((_, i) => zip[i] === 0x50 && zip[i + 1] === 0x4b && zip[i + 2] === 1);

function bomb(): Uint8Array {
  const zip = zipSync({ 'a/1.png': new Uint8Array(9), 'b/1.png': picture(1) });
  // Its directory says that the first entry unpacks to 1 GB.
  zip.set([0, 0, 0, 0x40], directoryOf(zip) + 24);
  return zip;
}

function locked(): Uint8Array {
  const zip = zipSync(pets);
  zip[directoryOf(zip) + 8]! |= 1;
  return zip;
}

const many = (): Uint8Array => {
  const one = picture(1);
  return zipSync(
    Object.fromEntries(Array.from({ length: 10_001 }, (_, i) => [`class ${i}/1.png`, one])),
    { level: 0 },
  );
};

const twice = (bytes: Uint8Array) => ({
  'pictures.zip': zipSync({
    'a/1.x.png': bytes,
    'a/2.png': bytes,
    'b/1.png': bytes,
    'b/2.png': bytes,
  }),
});
const head = (letters: string): Uint8Array =>
  Uint8Array.from({ length: 90 }, (_, i) => letters.charCodeAt(i) || 0);

export const PICTURES: readonly Dropped[] = [
  [
    'training pictures of one class',
    { 'pets.zip': zipSync({ 'train/cat/1.png': picture(1), 'test/cat/1.png': picture(2) }) },
    /There is only one class folder with training images \(cat\)/,
  ],
  [
    '10,001 classes',
    { 'many.zip': many() },
    /There are 10,001 class folders; at most 256 classes can be told apart here\. Give fewer folders/,
  ],
  [
    'one picture a class',
    { 'pets.zip': zipSync({ 'cat/1.png': picture(1), 'dog/1.png': picture(2) }) },
    /Every class folder holds one picture only: give at least two of one class/,
  ],
  [
    'test pictures alone',
    { 'pets.zip': zipSync({ 'test/cat/1.png': picture(1), 'val/dog/1.png': picture(2) }) },
    /There are folders of test images, but none of training images/,
  ],
  ['an archive of nothing', { 'pets.zip': zipSync({}) }, /pets\.zip is an empty archive/],
  [
    'an archive of an archive',
    { 'outer.zip': zipSync({ 'inner.zip': zipSync(pets) }) },
    /outer\.zip holds a further archive \(inner\.zip\), which stays closed/,
  ],
  [
    'names that lead out of their archive',
    { 'evil.zip': zipSync({ '../../cat/1.png': picture(1), '../../dog/1.png': picture(2) }) },
    /leads out of its archive; it is left out\. No picture is left/,
  ],
  [
    'a zip that is cut off',
    { 'pets.zip': zipSync(pets).subarray(0, 400) },
    /pets\.zip is no whole zip archive/,
  ],
  ['a zip with a password', { 'pets.zip': locked() }, /pets\.zip is locked with a password/],
  [
    'a bomb',
    { 'bomb.zip': bomb() },
    /claims to unpack \d+ bytes to 1,073,741,824, which no zip can\. It is damaged or forged/,
  ],
  [
    'a tar that is cut off',
    { 'pets.tar': tarOf(pets).subarray(0, 1000) },
    /pets\.tar is no whole tar archive \(it is cut off\)/,
  ],
  [
    'a tar of a changed header',
    { 'pets.tar': tarOf(pets).map((byte, i) => (i === 130 ? 57 : byte)) },
    /pets\.tar is no whole tar archive/,
  ],
  ['a packed tar that is none', { 'pets.tar.gz': 'no tar' }, /pets\.tar\.gz/],
  ['HEIC pictures', twice(head('\0\0\0\x18ftypheic')), /is a HEIC picture/],
  ['TIFF pictures', twice(head('II*\0')), /is a TIFF picture/],
  ['an animation', twice(head('RIFF\x52\0\0\0WEBPVP8X\x0a\0\0\0\x02')), /is an animation \(WebP\)/],
  ['a drawing', twice(text('<svg xmlns="http://www.w3.org/2000/svg"/>')), /is a drawing/],
  ['pictures that are cut off', twice(picture(1).subarray(0, 50)), /is cut off/],
  [
    'pictures of 65,536 × 65,536',
    twice(
      pngFile(pattern(4, 4, 1)).map((byte, i) => (i >= 16 && i < 24 ? [0, 1, 0, 0][i % 4]! : byte)),
    ),
    /says that it is 65,536 × 65,536 pixels; at most/,
  ],
  [
    'a single picture that is none',
    { 'photo.png': 'no picture' },
    /photo\.png is no picture: it holds text/,
  ],
  ['a single picture that is empty', { 'photo.webp': '' }, /photo\.webp is empty/],
];

const rows = (count: number, classes: number) =>
  Array.from({ length: count }, (_, i) => ({ picture: picture(i), label: i % classes }));
const table = parquetOf({ rows: rows(9, 3), names: ['a', 'b', 'c'] });

export const TABLES: readonly Dropped[] = [
  [
    'a parquet file that is a text',
    { 'a.parquet': 'PAR1, or so' },
    /a\.parquet is no parquet file, or is cut off/,
  ],
  [
    'a parquet file that is cut off',
    { 'a.parquet': table.subarray(0, table.length - 40) },
    /a\.parquet is no parquet file, or is cut off/,
  ],
  ['a parquet file of nothing', { 'a.parquet': '' }, /a\.parquet/],
  [
    'a parquet file of numbers',
    {
      'n.parquet': new Uint8Array(
        parquetWriteBuffer({ columnData: [{ name: 'x', data: [1, 2], type: 'INT32' }] }),
      ),
    },
    /n\.parquet has no column of pictures; its columns are x \(int32\)/,
  ],
  [
    'a parquet file of 300 classes',
    { 'm.parquet': parquetOf({ rows: rows(300, 300) }) },
    /The column of labels has 300 different ones; at most 256/,
  ],
  [
    'a parquet file of a label that has no name',
    { 'o.parquet': parquetOf({ rows: rows(9, 3), names: ['a', 'b'] }) },
    /A label is 2, but only 2 classes/,
  ],
  [
    'a parquet file of one class',
    { 'one.parquet': parquetOf({ rows: rows(5, 1), names: ['cat'] }) },
    /All rows are of one class \(cat\)/,
  ],
  [
    'a parquet file of pictures that are none',
    {
      'p.parquet': parquetOf({
        rows: rows(6, 2).map((row) => ({ ...row, picture: text('no picture') })),
        names: ['a', 'b'],
      }),
    },
    /None of the training pictures can be used/,
  ],
  [
    'a parquet file of rows without labels',
    {
      'l.parquet': parquetOf({
        rows: rows(6, 2).map((row) => ({ ...row, label: -1 })),
        names: ['a', 'b'],
      }),
    },
    /label/,
  ],
];

/** What the Hugging Face Hub may answer: nothing, or a status with its code and what comes. */
export type HubAnswer = null | {
  readonly status: number;
  readonly code?: string;
  readonly body?: string;
};

export const HUB: readonly (readonly [
  what: string,
  name: string,
  answer: HubAnswer,
  says: RegExp,
])[] = [
  [
    'no name',
    'no name',
    null,
    /“no name” is no name of a dataset on the Hub; expected owner\/name/,
  ],
  ['no connection', 'own/pets', null, /could not be reached.*\(CORS\).*drop them here/],
  [
    'a dataset that is not there',
    'own/none',
    { status: 401 },
    /There is no public dataset “own\/none” on the Hugging Face Hub/,
  ],
  [
    'a revision that is not there',
    'own/pets@v9',
    { status: 404, code: 'RevisionNotFound' },
    /own\/pets has no revision “v9” on the Hub/,
  ],
  [
    'terms that are to be accepted',
    'own/pets',
    { status: 403, code: 'GatedRepo' },
    /own\/pets is gated/,
  ],
  ['too many questions', 'own/pets', { status: 429 }, /too many questions.*\(429\)/],
  ['a Hub that is down', 'own/pets', { status: 503 }, /The Hub answered 503 on own\/pets/],
  ['a page in the place of an answer', 'own/pets', { status: 200, body: '<html>' }, /is no JSON/],
  ['an answer that says nothing', 'own/pets', { status: 200, body: '{}' }, /is not understood/],
  [
    'a dataset of no parquet',
    'own/pets',
    { status: 200, body: JSON.stringify({ id: 'own/pets', sha: 'a1'.repeat(20), siblings: [] }) },
    /own\/pets has no parquet files/,
  ],
];
