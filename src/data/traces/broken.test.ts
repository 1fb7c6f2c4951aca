/** Broken and hostile files: each is refused by one sentence that names the file, and where it can, the field. */
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { randomTrace } from '../../core/fixture.ts';
import { withScores } from '../../core/kept-scores.ts';
import { encodeTrace } from '../../core/trace-file.ts';
import { npyFile, npzFile, withHeader } from '../arrays/testing.ts';
import type { Answers } from './draft.ts';
import { buildDraft } from './drafts.ts';
import { openTraces } from './open.ts';

type Content = Uint8Array | string;

const [M, N, K] = [2, 12, 3];
const numbers = (count: number, of: (i: number) => number = (i) => i % 7): Float64Array =>
  Float64Array.from({ length: count }, (_, i) => of(i));
const logits = npyFile([M, N, K], numbers(M * N * K));
const labels = npyFile(
  [N],
  numbers(N, (i) => i % K),
  '|u1',
);
const ascii = (text: string): Uint8Array => Uint8Array.from(text, (sign) => sign.charCodeAt(0));
const changed = (bytes: Uint8Array, at: number, ...values: number[]): Uint8Array => {
  const copy = bytes.slice();
  copy.set(values, at);
  return copy;
};

const said: Partial<Answers> = {
  ...{ dataset: 'd', network: 'n', costs: '1, 2', costUnit: 'FLOPs', isLastPlain: 'yes' },
  ...{ rule: 'above', predicted: 'classes' },
};

/** Everything that is said of files: what reading them throws, what is wrong with a table, and with the answers. */
async function sentencesOf(
  files: Readonly<Record<string, Content>>,
  answers: Partial<Answers> = {},
): Promise<string[]> {
  try {
    const given = Object.entries(files).map(
      ([name, content]) => new File([content as BlobPart], name),
    );
    const { draft } = await openTraces({ files: given });
    if (!draft) return [];
    const wrong = draft.tables.map(({ fault }) => fault).filter((fault) => fault !== null);
    if (wrong.length > 0) return wrong;
    const parts = draft.answers.parts.map(
      (part) => ({ ...part, split: part.split || 'test' }) as const,
    );
    const all = { ...draft.answers, ...said, ...answers, parts: answers.parts ?? parts };
    const built = buildDraft(draft.id, {
      ...all,
      costs: answers.costs ?? (draft.answers.costs || '1, 2'),
    });
    return built.faults?.map(({ field, sentence }) => `${field}: ${sentence}`) ?? [];
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'DataError') throw error;
    return [error.message];
  }
}

async function refuses(
  files: Readonly<Record<string, Content>>,
  sentence: RegExp,
  answers?: Partial<Answers>,
): Promise<void> {
  const found = await sentencesOf(files, answers);
  expect(found.join('\n')).toMatch(sentence);
  expect(found).toHaveLength(1);
  expect(found[0]).not.toMatch(/undefined|\[object|NaN bytes/);
  expect(found[0]).toMatch(/[.!]$/);
}

type Case = readonly [what: string, content: Content, sentence: RegExp];
const runAll = (name: string, cases: readonly Case[], answers?: Partial<Answers>): void =>
  it.each(cases)('%s', (_what, content, sentence) =>
    refuses({ [name]: content }, sentence, answers),
  );

describe('an .npy', () => {
  const header = (shape: string, descr = '<f8', rest = "'fortran_order': False, "): Uint8Array =>
    withHeader(`{'descr': '${descr}', ${rest}'shape': (${shape}), }`, new Uint8Array(64));
  runAll('x.npy', [
    ['is empty', '', /^x\.npy cannot be opened: it is empty/],
    ['ends in its magic', logits.slice(0, 6), /^x\.npy cannot be opened: .*version 0/],
    ['ends in its header', logits.slice(0, 40), /^x\.npy .* ends in its header/],
    [
      'ends in its numbers',
      logits.slice(0, -9),
      /^x\.npy .*asks for 72 numbers of float64, but there are 70/,
    ],
    ['is of a version to come', changed(logits, 6, 9), /version 9/],
    ['claims a header of 65,535 bytes', changed(logits, 8, 255, 255), /ends in its header/],
    [
      'lacks its shape',
      withHeader("{'descr': '<f8', 'fortran_order': False}", new Uint8Array(8)),
      /shape is missing/,
    ],
    ['lacks its order', header('2, 2, 2', '<f8', ''), /fortran_order or shape is missing/],
    ['claims a negative shape', header('2, -3, 4'), /shape or stride that is none/],
    ['claims a shape of words', header('two, 3, 4'), /shape or stride that is none/],
    ['claims 10¹⁸ numbers', header('1000000, 1000000, 1000000'), /more than 536,870,912 numbers/],
    [
      'claims a shape beyond whole numbers',
      header('9007199254740993000, 2, 2'),
      /shape or stride that is none/,
    ],
    ['is of complex numbers', header('2, 2, 2', '<c8'), /of the type <c8/],
    [
      'has named fields',
      withHeader(
        "{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (2,)}",
        new Uint8Array(16),
      ),
      /named fields/,
    ],
    ['is of dates', header('2, 2, 2', '<M8'), /of the type <M8/],
    [
      'is one list',
      npyFile([5], numbers(5)),
      /^x\.npy holds an array \[5\]; expected logits or probs/,
    ],
    [
      'has four axes',
      npyFile([2, 2, 2, 2], numbers(16)),
      /^x\.npy holds an array \[2, 2, 2, 2\]; expected/,
    ],
    ['holds no images', npyFile([2, 0, 3], numbers(0)), /x\.npy has 0 images at 2 exits/],
    ['holds no exits', npyFile([0, 5, 3], numbers(0)), /x\.npy has \d images at \d exits/],
    ['holds no labels', logits, /parts\.0\.labels: Choose the array that holds the true labels/],
  ]);
});

describe('an .npz', () => {
  const whole = npzFile({ logits, labels });
  const of = (arrays: Readonly<Record<string, Uint8Array>>): Uint8Array =>
    npzFile({ labels, ...arrays });
  const spoilt = (at: number, value: number): Uint8Array =>
    of({
      logits: npyFile(
        [M, N, K],
        numbers(M * N * K, (i) => (i === at ? value : i % 5)),
      ),
    });
  runAll('x.npz', [
    ['is cut off', whole.slice(0, -40), /^x\.npz is no whole zip archive/],
    ['is cut off in its first entry', whole.slice(0, 60), /^x\.npz is no whole zip archive/],
    ['is only a beginning', 'PK\x03\x04', /^x\.npz is no whole zip archive/],
    [
      'is a zip of other things',
      zipSync({ 'a.txt': ascii('hello') }),
      /^x\.npz .*zip without arrays: a\.txt/,
    ],
    ['is an empty zip', zipSync({}), /x\.npz cannot be opened/],
    [
      'has a broken array',
      npzFile({ logits: logits.slice(0, 200), labels }),
      /^x\.npz cannot be opened: logits: an array of the shape/,
    ],
    [
      'has NaN in its scores',
      spoilt(3, NaN),
      /parts\.0\.scores: x\.npz › logits: at exit 0, image 1, the score of class 0 is NaN/,
    ],
    [
      'has an infinite score',
      spoilt(M * N * K - 1, Infinity),
      /at exit 1, image 11, the score of class 2 is Infinity/,
    ],
    [
      'has fewer labels than images',
      npzFile({ logits, labels: npyFile([9], numbers(9), '|u1') }),
      /labels/,
    ],
    [
      'has a label beyond its classes',
      of({
        logits,
        labels: npyFile(
          [N],
          numbers(N, (i) => (i === 4 ? 3 : 0)),
          '|u1',
        ),
      }),
      /Image 4 has label 3, but there are only 3 classes/,
    ],
    [
      'has a negative label',
      of({
        logits,
        labels: npyFile(
          [N],
          numbers(N, (i) => (i === 4 ? -1 : 0)),
          '<i2',
        ),
      }),
      /labels: x\.npz › labels gives image 4 the label -1/,
    ],
    [
      'has a label between two',
      of({
        logits,
        labels: npyFile(
          [N],
          numbers(N, () => 0.5),
        ),
      }),
      /gives image 0 the label 0\.5/,
    ],
    ['has one class', of({ logits: npyFile([M, N, 1], numbers(M * N)) }), /has 1 classes; 2 to/],
    [
      'has a prediction without confidence',
      of({
        prediction: npyFile(
          [M, N],
          numbers(M * N, () => 1),
          '|u1',
        ),
      }),
      /parts\.0\.confidence: There is a prediction but no confidence/,
    ],
    [
      'has a confidence of another shape',
      of({
        prediction: npyFile(
          [M, N],
          numbers(M * N, () => 1),
          '|u1',
        ),
        confidence: npyFile([N, M], numbers(M * N)),
      }),
      /confidence has the shape \[12, 2\]; expected \[2, 12\]/,
    ],
    [
      'has NaN in its confidence',
      of({
        prediction: npyFile(
          [M, N],
          numbers(M * N, () => 1),
          '|u1',
        ),
        confidence: npyFile(
          [M, N],
          numbers(M * N, (i) => (i === 13 ? NaN : 0.5)),
        ),
      }),
      /confidence has no number for image 1 at exit 1/,
    ],
    [
      'predicts a negative class',
      of({
        prediction: npyFile(
          [M, N],
          numbers(M * N, () => -2),
          '<i2',
        ),
        confidence: npyFile([M, N], numbers(M * N)),
      }),
      /predicts for image 0 at exit 0 the class -2/,
    ],
    [
      'says probabilities that are none',
      of({ probs: npyFile([M, N, K], numbers(M * N * K)) }),
      /probs: at exit 0, image \d+, the scores sum to .* take them for logits/,
    ],
    [
      'has costs of fewer exits',
      of({
        logits,
        flops: npyFile(
          [1],
          numbers(1, () => 5),
        ),
      }),
      /costs: There are 1 costs, but x\.npz › logits has 2 exits/,
    ],
    [
      'has costs that are NaN',
      of({
        logits,
        flops: npyFile(
          [2],
          numbers(2, () => NaN),
        ),
      }),
      /costs: A cost is “NaN”/,
    ],
    [
      'has negative costs',
      of({
        logits,
        flops: npyFile(
          [2],
          numbers(2, () => -5),
        ),
      }),
      /costs: A cost is “-5”/,
    ],
    [
      'costs nothing at all',
      of({
        logits,
        flops: npyFile(
          [2],
          numbers(2, () => 0),
        ),
      }),
      /costs: The last exit costs 0/,
    ],
  ]);

  it('that claims to unpack to gigabytes is refused before it does', async () => {
    const bomb = whole.slice();
    const at = bomb.findLastIndex(
      (_, i) => String.fromCharCode(...bomb.slice(i, i + 4)) === 'PK\x01\x02',
    );
    new DataView(bomb.buffer).setUint32(at + 24, 2 ** 32 - 2, true);
    await refuses({ 'x.npz': bomb }, /claims to unpack .*damaged or forged|unpacks to more than/);
  });
  it('that packs zeros a thousandfold and more is refused beyond the limit', async () => {
    const zeros = zipSync({ 'logits.npy': new Uint8Array(50_000_000) }, { level: 9 });
    await refuses({ 'x.npz': zeros }, /x\.npz/);
  });
  it('with costs that nobody says is asked', () =>
    refuses({ 'x.npz': whole }, /costs: Say what leaving/, { costs: ' ' }));
  it('with a unit that nobody says is asked', () =>
    refuses({ 'x.npz': whole }, /costUnit: Say in what unit/, { costUnit: '' }));
  it('with class names of another number is refused', () =>
    refuses({ 'x.npz': whole }, /classes: There are 2 names for 3/, { classes: 'a, b' }));
  it('with exit names of another number is refused', () =>
    refuses({ 'x.npz': whole }, /exits: There are 3 names for 2/, { exits: 'a, b, c' }));
  it('without any part to open is refused', () =>
    refuses({ 'x.npz': whole }, /parts: Nothing is chosen/, { parts: [] }));
  it('of two splits of one name is refused', () =>
    refuses(
      { 'a-test.npz': whole, 'b-test.npz': whole },
      /parts\.1\.split: Two parts are of the split “test”/,
    ));
});

describe('a pickle', () => {
  const global = (module: string, name: string): Uint8Array =>
    ascii(`\x80\x02c${module}\n${name}\n.`);
  const zipped = (
    program: Uint8Array,
    entries: Readonly<Record<string, Uint8Array>> = {},
  ): Uint8Array => zipSync({ 'x/data.pkl': [program, { level: 0 }], ...entries });
  const programs: readonly Case[] = [
    [
      'wants to run a command',
      ascii('\x80\x02cposix\nsystem\nX\x04\x00\x00\x00ls -\x85R.'),
      /asks for posix\.system; .* nothing is executed/,
    ],
    ['wants to evaluate', global('builtins', 'eval'), /asks for builtins\.eval/],
    [
      'wants to evaluate by the old name',
      global('__builtin__', 'eval'),
      /asks for __builtin__\.eval/,
    ],
    [
      'wants to import by the stack',
      ascii('\x80\x04\x8c\x02os\x8c\x06system\x93.'),
      /asks for os\.system/,
    ],
    ['makes an object', ascii('\x80\x02ccollections\nOrderedDict\n)\x81.'), /instruction 0x81/],
    ['makes an instance of old', ascii('(ios\nsystem\n.'), /instruction 0x69/],
    ['reaches into a registry', ascii('\x80\x02\x82\x01.'), /instruction 0x82/],
    [
      'sets attributes of a type',
      ascii('\x80\x02ctorch\nFloatStorage\n}b.'),
      /sets attributes of something/,
    ],
    ['calls what is no function', ascii('\x80\x02K\x01)R.'), /calls what is no function/],
    ['takes from an empty stack', ascii('.'), /takes a value where there is none/],
    ['recalls what it never kept', ascii('\x80\x02h\x07.'), /recalls what it never kept/],
    ['closes a list that was not opened', ascii('\x80\x02e.'), /closes a list/],
    ['has no end', ascii('\x80\x02]'), /ends in the middle/],
    [
      'claims bytes that are not there',
      ascii('\x80\x05\x96\xff\xff\xff\xff\xff\x00\x00\x00.'),
      /ends in the middle/,
    ],
    ['holds itself', ascii('\x80\x02]q\x00h\x00a.'), /lists in lists without end/],
    [
      'is deeper than any',
      ascii(`\x80\x02${']'.repeat(200)}${'a'.repeat(199)}.`),
      /lists in lists without end/,
    ],
    ['appends to a number', ascii('\x80\x02K\x01K\x02a.'), /appends to what is no list/],
    ['is of a protocol to come', ascii('\x80\x09.'), /protocol that is not known/],
    [
      'rebuilds what is no array',
      ascii('\x80\x02cnumpy.core.multiarray\n_reconstruct\nK\x01\x85R.'),
      /rebuilds something that is no array/,
    ],
    [
      'holds a network and no scores',
      ascii('\x80\x02}X\x05\x00\x00\x00epochK\x03s.'),
      /holds no arrays; expected logits/,
    ],
  ];
  describe('of its own', () => runAll('x.pkl', programs));
  describe('within a file of PyTorch', () =>
    runAll(
      'x.pth',
      programs
        .slice(0, 12)
        .map(
          ([what, program, sentence]) => [what, zipped(program as Uint8Array), sentence] as const,
        ),
    ));

  const tensor = (
    shape: readonly number[],
    stride: readonly number[],
    count = 4,
    key = '0',
  ): Uint8Array => {
    const ints = (values: readonly number[]): string =>
      `(${values.map((v) => `J${String.fromCharCode(v & 255, (v >> 8) & 255, (v >> 16) & 255, (v >> 24) & 255)}`).join('')}t`;
    const text = (word: string): string => `X${String.fromCharCode(word.length)}\0\0\0${word}`;
    return zipped(
      ascii(
        `\x80\x02ctorch._utils\n_rebuild_tensor_v2\n((${text('storage')}ctorch\nFloatStorage\n${text(key)}${text('cpu')}J${String.fromCharCode(count)}\0\0\0tQK\0${ints(shape)}${ints(stride)}\x89NtR.`,
      ),
      { 'x/data/0': [new Uint8Array(16), { level: 0 }] as unknown as Uint8Array },
    );
  };
  describe('of a tensor', () =>
    runAll('x.pth', [
      [
        'reaches beyond its numbers',
        tensor([2, 3, 3], [9, 3, 1]),
        /asks for 18 numbers of float32, but there are 4/,
      ],
      ['goes backwards', tensor([1, 2, 2], [4, -2, 1]), /shape or stride that is none/],
      [
        'repeats itself without end',
        tensor([500, 500, 500], [0, 0, 0]),
        /claims more numbers than the 4/,
      ],
      [
        'claims more than is stored',
        tensor([1, 4, 2], [8, 2, 1], 8),
        /claims 32 bytes, but there are 16/,
      ],
      [
        'names a storage elsewhere',
        tensor([1, 2, 2], [4, 2, 1], 4, '../0'),
        /no numbers of the storage \.\.\/0/,
      ],
    ]));
});

describe('a table', () => {
  const table = (...lines: string[]): string => lines.join('\n');
  const head = 'label,pred_1,conf_1,pred_2,conf_2';
  runAll('x.csv', [
    ['is empty', '', /^x\.csv: /],
    ['has a head alone', head, /^x\.csv: the table has no rows/],
    ['has a short row', table(head, '1,1,0.5'), /^x\.csv: row 2 has 3 cells; expected 5/],
    [
      'has a word for a number',
      table(head, '1,1,high,1,0.9'),
      /row 1 of the column conf_1 is “high”/,
    ],
    ['has an empty cell', table(head, '1,1,,1,0.9'), /row 1 of the column conf_1 is “”/],
    ['has other columns', table('a,b', '1,2'), /no column is a prediction/],
    [
      'has a prediction alone',
      table('label,pred_1', '1,2'),
      /prediction of exit 1 has no confidence/,
    ],
    [
      'has a confidence alone',
      table('label,pred_1,conf_1,conf_2', '1,1,0.5,0.6'),
      /confidence of exit 2 has no prediction/,
    ],
    [
      'has two labels',
      table('label,target,pred_1,conf_1', '1,1,1,0.5'),
      /both taken for the label/,
    ],
    [
      'has one exit twice',
      table('label,pred_1,conf_1,pred_1,conf_1', '1,1,0.5,1,0.5'),
      /several columns are of exit 1/,
    ],
    ['is open in its quotes', table(head, '"1,1,0.5,1,0.9'), /^x\.csv: row \d+ has/],
    [
      'is long and names no image',
      table('exit,prediction,confidence', '1,1,0.5'),
      /no column says which image/,
    ],
    [
      'is long and lacks a row',
      table('image,exit,prediction,confidence', '1,a,1,0.5', '1,b,1,0.5', '2,a,1,0.5'),
      /3 rows; expected 4/,
    ],
    [
      'is long and contradicts itself',
      table('image,exit,prediction,confidence,label', '1,a,1,0.5,0', '1,b,1,0.5,1'),
      /another label/,
    ],
    ['is of bytes', Uint8Array.of(255, 254, 0, 1), /^x\.csv is no text in UTF-8/],
  ]);
});

describe('a trace', () => {
  const trace = randomTrace(20, 3);
  const { header, bytes } = encodeTrace(trace);
  const predicted = trace.prediction[0]!;
  const file = (
    change: Record<string, unknown>,
    bin: Uint8Array = bytes,
  ): Record<string, Content> => ({
    'x.trace.json': JSON.stringify({ ...header, ...change }),
    'x.trace.bin': bin,
  });
  it.each<[string, Record<string, unknown>, RegExp]>([
    [
      'another format',
      { format: 'offramp-trace/9' },
      /x\.trace\.json cannot be opened as a trace\. The trace has the format/,
    ],
    ['a negative count', { count: -1 }, /count is -1/],
    ['a split that is none', { split: 'both' }, /split is "both"/],
    ['one class', { classes: ['a'] }, /1 classes/],
    ['no exits', { exits: [] }, /no exits|expected/],
    [
      'exits without costs',
      { exits: header.exits.map(({ name }) => ({ name })) },
      /exits\[0\]\.flops is missing/,
    ],
    ['a network that costs nothing', { networkFlops: 0 }, /networkFlops is 0/],
    ['arrays that are none', { arrays: 3 }, /arrays is 3/],
    ['a rule that is none', { rule: 'between' }, /rule is "between"/],
  ])('with %s is refused', (_what, change, sentence) => refuses(file(change), sentence));
  const scored = withScores(header, bytes.length, 20 * 3 * 10);
  const scores = (
    change: Partial<Record<string, unknown>>,
    of: number[] | Uint8Array = new Uint8Array(1200),
  ) =>
    file(
      {
        format: scored.format,
        arrays: { ...scored.arrays, scores: { ...scored.arrays.scores, ...change } },
      },
      Uint8Array.of(...bytes, ...of),
    );
  it('with scores that are all alike opens', async () =>
    expect(await sentencesOf(scores({}))).toEqual([]));
  it.each<[string, Record<string, Content>, RegExp]>([
    [
      'scores that are cut off',
      scores({}, new Uint8Array(1199)),
      /The array scores ends at byte \d+/,
    ],
    [
      'scores of a forged length',
      scores({ length: 601 }),
      /scores\.length is 601; expected 600 \(exits/,
    ],
    ['scores of a forged place', scores({ offset: 4e9 }), /scores ends at byte 4000001200, but/],
    [
      'scores of a forged length and place',
      scores({ length: 1e12, offset: -1 }),
      /scores\.offset is -1/,
    ],
    [
      'scores of eight bytes',
      scores({ dtype: 'float64' }),
      /scores\.dtype is "float64"; expected float16/,
    ],
    [
      'scores that are NaN',
      scores({}, new Uint8Array(1200).with(601, 0x7e)),
      /The score of image 10 at exit exit1 for class 0 is NaN/,
    ],
    [
      'scores of another trace',
      scores({}, new Uint8Array(1200).with(2 * ((predicted + 1) % 10) + 1, 0x40)),
      /Image 0 at exit exit0 is predicted as class \d, but class \d has a greater score/,
    ],
    [
      'scores in the format without',
      file({ arrays: scored.arrays }, Uint8Array.of(...bytes, ...new Uint8Array(1200))),
      /arrays\.scores, which belongs to "offramp-trace\/2"/,
    ],
  ])('with %s is refused', (_what, files, sentence) => refuses(files, sentence));
  it.each(['x.trace.bin', 'x.npz', 'x.csv', 'x.zip'])(
    'of more than a billion bytes is refused by its size, unread: %s',
    async (name) => {
      const whole = new File(['a'], name);
      Object.defineProperty(whole, 'size', { value: 1_000_000_001 });
      whole.arrayBuffer = () => Promise.reject(new Error('It was read.'));
      await expect(openTraces({ files: [whole] })).rejects.toThrow(
        `${name} has 1,000,000,001 bytes; at most 1,000,000,000 can be opened.`,
      );
    },
  );
  it('that is cut off is refused', () => refuses(file({}, bytes.slice(0, 50)), /has only 50/));
  it('that is no JSON is refused', () =>
    refuses({ 'x.trace.json': '{', 'x.trace.bin': bytes }, /x\.trace\.json is not JSON/));
});
