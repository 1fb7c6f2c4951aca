/** Faults, a line each: what is wrong, and what the page says of it. */
import { zipSync } from 'fflate';
import { npyFile, npzFile } from '../../src/data/arrays/testing.ts';
import { cifarFile, cycle, idxImagesFile, idxLabelsFile, idxSet } from '../../src/data/testing.ts';
import { filesOf, tinyTrace, type Files } from '../tiny-trace.ts';

export type Content = Uint8Array | string;

/** Files that a person drops. */
export type Dropped = readonly [
  what: string,
  files: Readonly<Record<string, Content>>,
  says: RegExp,
];

export const text = (content: string): Uint8Array => new TextEncoder().encode(content);

/** Files that are complete and could be MNIST's by their names: what is wrong is seen when they are read. */
export const LATE: readonly Dropped[] = [
  [
    'images that are cut off',
    Object.fromEntries(
      idxSet(30, 10).set('t10k-images-idx3-ubyte', idxImagesFile(10).slice(0, 5000)),
    ),
    /t10k-images-idx3-ubyte is cut off: expected 10 images of 28 × 28 \(7,856 bytes\), but it ends after 5,000 bytes/,
  ],
  [
    'a label out of range',
    Object.fromEntries(idxSet(30, 10).set('train-labels-idx1-ubyte', idxLabelsFile(cycle(30, 12)))),
    /train-labels-idx1-ubyte gives image 10 the label 10; expected 0 … 9/,
  ],
];

export const json = (value: unknown): string => JSON.stringify(value);
const changed = (bytes: Uint8Array, at: number, ...values: number[]): Uint8Array => {
  const copy = bytes.slice();
  copy.set(values, at);
  return copy;
};

export const asFiles = (files: Readonly<Record<string, Content>>): Files =>
  new Map(
    Object.entries(files).map(([name, content]) => [
      name,
      typeof content === 'string' ? text(content) : content,
    ]),
  );

const images = idxImagesFile(30);
const labels = idxLabelsFile(cycle(30));
export const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i % 3);

export const IMAGES: readonly Dropped[] = [
  ['nothing', { 'train-images-idx3-ubyte': '' }, /is empty/],
  ['a text', { 'notes.txt': 'hello' }, /notes\.txt is neither an idx file/],
  ['zeros', { 'data_batch_1.bin': new Uint8Array(90_000) }, /zeros and nothing else/],
  [
    'a text of an honest name',
    { 'notes-on-training.txt': 'Dear diary, today I trained.' },
    /notes-on-training\.txt is neither an idx file nor a CIFAR binary file nor .*: it starts with 0x44656172/,
  ],
  [
    'idx of seven dimensions',
    { 'train-images-idx3-ubyte': changed(images, 3, 7) },
    /train-images-idx3-ubyte is an idx file of 7 dimensions; expected 1 or 2/,
  ],
  [
    'half a header',
    { 't10k-images-idx3-ubyte': images.subarray(0, 9) },
    /t10k-images-idx3-ubyte is cut off: expected 16 bytes of header, but it ends after 9 bytes/,
  ],
  [
    'a zip that is none',
    { 'mnist-train.zip': 'PK\u0003\u0004 and so on' },
    /mnist-train\.zip is no whole zip archive .* Write or download it again\./,
  ],
  [
    'pictures that are none',
    {
      'photos.zip': zipSync(
        Object.fromEntries(
          ['train/cat/1.png', 'train/cat/2.png', 'train/dog/1.png', 'test/cat/1.png'].map(
            (name) => [name, new Uint8Array(8)],
          ),
        ),
      ),
    },
    /None of the training pictures can be used\. photos\/train\/cat\/1\.png is no picture that is read here/,
  ],
  [
    'a label fewer than images',
    Object.fromEntries(idxSet(30, 10).set('train-labels-idx1-ubyte', idxLabelsFile(cycle(29)))),
    /train-images-idx3-ubyte holds 30 images, but train-labels-idx1-ubyte holds 29 labels/,
  ],
  ['a packed text', { 'train-images.gz': 'not packed at all' }, /train-images\.gz/],
  ['a broken packing', { 'a.gz': Uint8Array.of(0x1f, 0x8b, 8, 0, 1, 2, 3) }, /a\.gz/],
  [
    'idx of one byte more than a header says',
    { 'train-images-idx3-ubyte': Uint8Array.of(0, 0, 8, 3) },
    /train-images/,
  ],
  ['idx of an unknown type', { 'train-images-idx3-ubyte': changed(images, 2, 7) }, /train-images/],
  ['idx of no dimension', { 'train-images-idx3-ubyte': changed(images, 3, 0) }, /train-images/],
  ['idx of nine dimensions', { 'train-images-idx3-ubyte': changed(images, 3, 9) }, /train-images/],
  ['idx of no images', { 'train-images-idx3-ubyte': idxImagesFile(0) }, /train-images/],
  ['idx of flat images', { 'train-images-idx3-ubyte': idxImagesFile(5, 0, 28) }, /train-images/],
  [
    'idx that ends in its header',
    { 'train-images-idx3-ubyte': images.subarray(0, 12) },
    /train-images/,
  ],
  [
    'labels without a split',
    { 'some.idx': labels },
    /does not say whether it belongs to training or to test/,
  ],
  [
    'a pickle of no batch',
    { model: changed(new Uint8Array(5000).fill(0x7d), 0, 0x80, 2) },
    /Python pickle/,
  ],
  [
    'half a CIFAR record',
    { 'data_batch_1.bin': cifarFile([1], 'cifar-10').subarray(0, 900) },
    /data_batch_1\.bin/,
  ],
  [
    'a CIFAR label that is none',
    { 'data_batch_1.bin': changed(cifarFile([1], 'cifar-10'), 0, 200) },
    /data_batch_1\.bin/,
  ],
  ['an npz of no arrays', { 'images.npz': zipSync({ 'a.txt': text('x') }) }, /images\.npz/],
  ['a web page', { 'mnist.idx': '<!doctype html><title>404</title>' }, /mnist\.idx is neither/],
  [
    'an LFS pointer',
    { 'train-images-idx3-ubyte': 'version https://git-lfs.github.com/spec/v1\n' },
    /train-images/,
  ],
];

const trace = tinyTrace('test', 60);
const whole = filesOf(trace, 'mine');
const [[headerName, header], [binName, bin]] = [...whole] as [
  [string, Uint8Array],
  [string, Uint8Array],
];
const withHeader = (spoil: (header: Record<string, unknown>) => void): Record<string, Uint8Array> =>
  Object.fromEntries(filesOf(trace, 'mine', spoil));

export const TRACES: readonly Dropped[] = [
  ['a header alone', { [headerName]: header }, /its arrays are in mine\.trace\.bin/],
  ['arrays alone', { [binName]: bin }, /open it together with mine\.trace\.json/],
  [
    'a header that is cut off',
    { [headerName]: header.subarray(0, 99), [binName]: bin },
    /mine\.trace\.json/,
  ],
  ['arrays that are cut off', { [headerName]: header, [binName]: bin.subarray(0, 50) }, /only 50/],
  ['another format', withHeader((of) => (of.format = 'offramp-trace/99')), /format/],
  ['no classes', withHeader((of) => (of.classes = [])), /classes/],
  ['classes that are numbers', withHeader((of) => (of.classes = [1, 2, 3])), /classes/],
  ['no exits', withHeader((of) => (of.exits = [])), /exits/],
  ['a count below 0', withHeader((of) => (of.count = -4)), /count/],
  ['a count that is a word', withHeader((of) => (of.count = 'many')), /count/],
  ['a network of no cost', withHeader((of) => (of.networkFlops = 0)), /networkFlops/],
  ['a split of no known name', withHeader((of) => (of.split = 'validation?')), /split/],
  [
    'a label above the classes',
    { [headerName]: header, [binName]: changed(bin, 905, 250) },
    /label/,
  ],
  [
    'an archive of no trace',
    { 'notes.zip': zipSync({ 'a.txt': text('x') }) },
    /notes\.zip holds no trace/,
  ],
  [
    'an archive that is cut off',
    { 'mine.zip': zipSync(Object.fromEntries(whole)).subarray(0, 300) },
    /mine\.zip/,
  ],
  [
    'thresholds of no policy',
    { 'offramp-thresholds.json': json({ format: 'offramp-thresholds/1' }) },
    /thresholds/i,
  ],
  [
    'an npy of a broken header',
    { 'logits.npy': changed(npyFile([2, 3, 3], numbers(18)), 12, 0, 0, 0) },
    /logits\.npy/,
  ],
  [
    'an npy that is cut off',
    { 'logits.npy': npyFile([2, 3, 3], numbers(18)).subarray(0, 130) },
    /logits\.npy/,
  ],
  [
    'an npz that is cut off',
    { 'logits.npz': npzFile({ logits: npyFile([2, 3, 3], numbers(18)) }).subarray(0, 90) },
    /logits\.npz/,
  ],
  [
    'weights without layers',
    {
      'weights.npz': npzFile({
        'conv.weight': npyFile([2, 1, 3, 3], numbers(18)),
        'conv.bias': npyFile([2], numbers(2)),
      }),
    },
    /weights\.npz holds the weights of a network without its layers\. The network opens once/,
  ],
  [
    'a pickle that calls code',
    { 'scores.pkl': text('\x80\x02cos\nsystem\nX\x02\0\0\0ls\x85R.') },
    /scores\.pkl/,
  ],
];

/** What a server may do with a file. */
export type Harm =
  | 'damaged'
  | 'cut off'
  | 'zeros'
  | 'empty'
  | 'a page'
  | 404
  | 403
  | 500
  | 503
  | 'reset'
  | 'offline';

/** Files that the page fetches of its own, and what it says where they do not come as they were published. */
export interface Served {
  readonly what: string;
  readonly path: string;
  readonly name: string;
  readonly harms: readonly Harm[];
}

const ALL: readonly Harm[] = [
  'damaged',
  'cut off',
  'zeros',
  'empty',
  'a page',
  404,
  403,
  500,
  503,
  'reset',
  'offline',
];

/** By a press of Run, on strokes: recorded ones first. */
export const RECORDED: readonly Served[] = [
  {
    what: 'the header of a trace',
    path: 'runs/strokes-resnet18-w16-strokes-e2cm-test.trace.json',
    name: 'strokes-resnet18-w16-strokes-e2cm-test.trace.json of the recorded runs',
    harms: ALL,
  },
  {
    what: 'a trace',
    path: 'runs/strokes-resnet18-w16-strokes-e2cm-test.trace.bin',
    name: 'strokes-resnet18-w16-strokes-e2cm-test.trace.bin of the recorded runs',
    harms: ALL,
  },
];
export const LIVE: readonly Served[] = [
  {
    what: 'weights',
    path: 'networks/resnet18-w16-strokes/group1-shard1of1.bin',
    name: 'group1-shard1of1.bin of the network resnet18-w16-strokes',
    harms: ALL,
  },
  {
    what: 'layers',
    path: 'networks/resnet18-w16-strokes/model.json',
    name: 'model.json of the network resnet18-w16-strokes',
    harms: ALL,
  },
  {
    what: 'a card',
    path: 'networks/resnet18-w16-strokes/card.json',
    name: 'card.json of the network resnet18-w16-strokes',
    harms: ALL,
  },
];

/** What a sentence says of each harm, after the file's name. */
export const SAYS: Readonly<Record<Harm, RegExp>> = {
  damaged: /arrived damaged/,
  'cut off': /arrived damaged/,
  zeros: /arrived damaged/,
  empty: /arrived damaged/,
  'a page': /on the page’s server/,
  404: /on the page’s server/,
  403: /the server answered 403/,
  500: /the server answered 500/,
  503: /the server answered 503/,
  reset: /the server cannot be reached or the transfer broke off/,
  offline: /the server cannot be reached or the transfer broke off/,
};

/** Properties of a link that are none. */
export const LINKS: readonly (readonly [key: string, value: string])[] = [
  ['method', 'magic'],
  ['backend', 'abacus'],
  ['from', 'memory'],
  ['seed', 'abc'],
  ['train', '-5'],
  ['test', '1e99'],
  ['epochs', '0'],
  ['image', '-1'],
  ['split', 'both'],
  ['curve', 'best'],
  ['T', '0.5__'],
  ['theme', 'pink'],
  ['page', 'nowhere'],
  ['data', '<script>'],
];
