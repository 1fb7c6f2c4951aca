import { describe, expect, it } from 'vitest';
import { halves } from '../../core/half.ts';
import { checkScores, scoresIn } from '../../core/kept-scores.ts';
import { accuracyAt, type Trace } from '../../core/trace.ts';
import { npyFile, npzFile } from '../arrays/testing.ts';
import type { Answers, Draft } from './draft.ts';
import { buildDraft, reviseDraft } from './drafts.ts';
import { hold } from './hold.ts';
import { openTraces, type OpenedFiles } from './open.ts';

const [M, N, K] = [3, 40, 4];
/** Logits [M, N, K] that are whole numbers of no pattern. */
const logits = Float64Array.from({ length: M * N * K }, (_, i) => ((i * 7919) % 23) / 3 - 2);
const labels = Float64Array.from({ length: N }, (_, i) => (i * 5) % K);

const open = (files: Readonly<Record<string, Uint8Array | string>>): Promise<OpenedFiles> =>
  openTraces({
    files: Object.entries(files).map(([name, content]) => new File([content as BlobPart], name)),
  });

async function draftOf(files: Readonly<Record<string, Uint8Array | string>>): Promise<Draft> {
  const { draft } = await open(files);
  if (!draft) throw new Error('no draft');
  return draft;
}

/** All that a file of logits does not say. */
const said = {
  ...({ dataset: 'd', network: 'n', costs: '1, 2, 4', costUnit: 'FLOPs' } as const),
  ...({ isLastPlain: 'yes' } as const),
};

function built(draft: Draft, answers: Partial<Answers> = {}): Trace[] {
  const split = (part: Answers['parts'][number]) =>
    ({ ...part, split: part.split || 'test' }) as const;
  const all = { ...draft.answers, ...said, ...answers };
  const result = buildDraft(draft.id, { ...all, parts: answers.parts ?? all.parts.map(split) });
  if (result.faults) throw new Error(JSON.stringify(result.faults));
  return result.traces.map(({ trace }) => trace);
}

function faults(draft: Draft, answers: Partial<Answers>): Record<string, string> {
  const result = buildDraft(draft.id, { ...draft.answers, ...answers });
  return Object.fromEntries((result.faults ?? []).map(({ field, sentence }) => [field, sentence]));
}

/** Max softmax of row i at exit j, by the definition. */
function expected(j: number, i: number): { best: number; sure: number } {
  const row = logits.slice((j * N + i) * K, (j * N + i + 1) * K);
  const best = row.indexOf(Math.max(...row));
  return { best, sure: Math.exp(row[best]!) / row.reduce((sum, x) => sum + Math.exp(x), 0) };
}

function isExpected({ count, prediction, confidence, label }: Trace): void {
  expect(count).toBe(N);
  expect([...label]).toEqual([...labels]);
  for (let j = 0; j < M; j++)
    for (let i = 0; i < N; i++) {
      const { best, sure } = expected(j, i);
      expect(prediction[j * N + i]).toBe(best);
      expect(confidence[j * N + i]).toBeCloseTo(sure, 6);
    }
}

describe('a file of logits', () => {
  it('is a trace as soon as split, costs and the plain network are said', async () => {
    const draft = await draftOf({
      'run.npz': npzFile({
        logits: npyFile([M, N, K], logits),
        targets: npyFile([N], labels, '<i8'),
      }),
    });
    expect(draft.answers.parts[0]).toMatchObject({
      kind: 'logits',
      axes: 'exits first',
      split: '',
    });
    expect(faults(draft, {})).toMatchObject({
      network: expect.stringContaining('called'),
      costs: expect.stringContaining('costs'),
      costUnit: expect.stringContaining('unit'),
      isLastPlain: expect.stringContaining('plain network'),
      'parts.0.split': expect.stringContaining('split'),
    });
    const [trace] = built(draft);
    isExpected(trace!);
    expect(trace).toMatchObject({
      ...{ method: 'max-softmax', rule: 'at-least', unit: 'max softmax', networkFlops: 4 },
      classes: ['0', '1', '2', '3'],
      exits: [{ name: 'exit 1', flops: 1 }, { flops: 2 }, { flops: 4 }],
    });
  });

  it('keeps its scores as halves, less the greatest of their row, however its axes lie', async () => {
    const turned = new Float64Array(logits.length);
    for (let j = 0; j < M; j++)
      for (let i = 0; i < N; i++)
        for (let k = 0; k < K; k++) turned[(i * M + j) * K + k] = logits[(j * N + i) * K + k]!;
    const probs = logits.map((_, at) => {
      const row = logits.slice(at - (at % K), at - (at % K) + K);
      return Math.exp(logits[at]!) / row.reduce((sum, x) => sum + Math.exp(x), 0);
    });
    const labelled = { labels: npyFile([N], labels, '<i8') };
    for (const file of [
      npzFile({ ...labelled, logits: npyFile([M, N, K], logits) }),
      npzFile({ ...labelled, logits: npyFile([N, M, K], turned) }),
      npzFile({ ...labelled, probs: npyFile([M, N, K], probs) }),
    ]) {
      const draft = await draftOf({ 'run-test.npz': file });
      const result = buildDraft(draft.id, { ...draft.answers, ...said });
      if (result.faults) throw new Error(JSON.stringify(result.faults));
      const kept = new DataView(await result.traces[0]!.scores!.arrayBuffer());
      expect(kept.byteLength).toBe(2 * logits.length);
      for (const [at, logit] of logits.entries()) {
        const row = logits.slice(at - (at % K), at - (at % K) + K);
        expect(halves()[kept.getUint16(2 * at, true)]).toBeCloseTo(logit - Math.max(...row), 2);
      }
    }
  });

  it('of clusters is matched to the last exit and, where there are some, to the classes, over all splits', async () => {
    const [exits, clusters] = [2, 3];
    // Exit 0 numbers its clusters otherwise than exit 1, and neither as the classes are.
    const numbers = [
      [2, 0, 1],
      [1, 2, 0],
    ];
    const truth = (split: number) => Float64Array.from({ length: 30 }, (_, i) => (i + split) % 3);
    const of = (split: number): Uint8Array =>
      npzFile({
        labels: npyFile([30], truth(split), '|u1'),
        confidence: npyFile([exits, 30], new Float64Array(60).fill(0.5)),
        prediction: npyFile(
          [exits, 30],
          Float64Array.from({ length: 60 }, (_, at) => {
            const [j, i] = [Math.floor(at / 30), at % 30];
            // Every tenth image lies in another cluster at exit 0.
            const own = truth(split)[i]! + (j === 0 && i % 10 === 0 ? 1 : 0);
            return numbers[j]![own % clusters]!;
          }),
          '|u1',
        ),
      });
    const files = { 'c-test.npz': of(0), 'c-train.npz': of(1) };
    const asked = { costs: '1, 2', rule: 'above', isLastPlain: 'yes' } as const;
    const known = built(await draftOf(files), { ...asked, predicted: 'clusters' });
    expect(known.map(({ provenance }) => provenance.meaning)).toEqual(['clusters', 'clusters']);
    for (const [split, trace] of known.entries()) {
      expect([...trace.label]).toEqual([...truth(split)]);
      expect([...trace.prediction.subarray(30)]).toEqual([...truth(split)]);
      expect(accuracyAt(trace, 0)).toBeCloseTo(0.9);
    }
    const bare = built(await draftOf(files), { ...asked, predicted: 'unlabelled' });
    expect(bare[0]!.classes).toEqual(['cluster 1', 'cluster 2', 'cluster 3']);
    expect(bare[0]!.provenance.meaning).toBe('unlabelled');
    expect(bare[0]!.label).toEqual(bare[0]!.prediction.slice(30));
    expect(accuracyAt(bare[0]!, 0)).toBeCloseTo(0.9);
  });

  it('without labels is asked whether it predicts clusters, which need none', async () => {
    const draft = await draftOf({
      'run-test.npz': npzFile({ logits: npyFile([M, N, K], logits) }),
    });
    expect(draft.answers.predicted).toBe('');
    expect(faults(draft, said).predicted).toMatch(/classes or clusters/);
    const [trace] = built(draft, { predicted: 'unlabelled' });
    expect([...trace!.label]).toEqual([...trace!.prediction.subarray((M - 1) * N)]);
  });

  it('keeps scores of clusters under the names that these are given, and holds them by another confidence', async () => {
    const draft = await draftOf({
      'run-test.npz': npzFile({ logits: npyFile([M, N, K], logits) }),
    });
    const parts = draft.answers.parts.map((part) => ({ ...part, split: 'test' as const }));
    const asked = { ...draft.answers, ...said, parts, predicted: 'unlabelled' } as const;
    const { traces, faults: wrong } = { traces: null, ...buildDraft(draft.id, asked) };
    expect(wrong).toBeUndefined();
    const { trace, scores } = traces![0]!;
    const rows = scoresIn(await scores!.arrayBuffer());
    // The cluster that is predicted has the greatest score of its row, whatever it is called.
    expect(() => checkScores(trace, rows)).not.toThrow();
    // Each exit's scores are its own, in another order.
    for (let at = 0; at < M * N; at++) {
      const row = logits.slice(at * K, (at + 1) * K);
      const less = [...row].map((z) => z - Math.max(...row)).sort();
      const kept = [...rows.subarray(at * K, (at + 1) * K)].map((half) => halves()[half]!).sort();
      kept.forEach((value, c) => expect(value).toBeCloseTo(less[c]!, 2));
    }
    const run = { traces: { test: trace }, files: [], budget: null, scores: { test: scores! } };
    const choice = { measure: 'margin', ensemble: 'mean', isTempered: false } as const;
    const under = await hold({ run, choice, isHalved: false }, new AbortController().signal);
    const made = under.traces.test!;
    expect(made.rule).toBe('at-least');
    // What the exits say together is what being right is held against, too.
    expect([...made.label]).toEqual([...made.prediction.subarray((M - 1) * N)]);
    expect(accuracyAt(made, M - 1)).toBe(1);
  });

  it('may hold images first, and says its costs by a file beside it', async () => {
    const turned = new Float64Array(logits.length);
    for (let j = 0; j < M; j++)
      for (let i = 0; i < N; i++)
        for (let k = 0; k < K; k++) turned[(i * M + j) * K + k] = logits[(j * N + i) * K + k]!;
    const draft = await draftOf({
      'logits_test.npy': npyFile([N, M, K], turned),
      'labels_test.npy': npyFile([N], labels, '<i4'),
      'seconds.npy': npyFile([M], Float64Array.of(0.5, 0.75, 1.5)),
    });
    const { costs, costUnit, parts } = draft.answers;
    expect({ costs, costUnit, axes: parts[0]!.axes, split: parts[0]!.split }).toEqual({
      ...{ costs: '0.5, 0.75, 1.5', costUnit: 'seconds', axes: 'images first', split: 'test' },
    });
    const [trace] = built(draft, { costs, costUnit });
    isExpected(trace!);
    expect(trace!.provenance.options).toEqual({ cost: 'seconds' });
  });

  it('of two splits, by their names, becomes the two traces of one run', async () => {
    const of = (count: number) =>
      npzFile({
        logits: npyFile([M, count, K], logits.slice(0, M * count * K)),
        labels: npyFile([count], labels.slice(0, count), '|u1'),
      });
    const draft = await draftOf({ 'bert-train.npz': of(30), 'bert-test.npz': of(20) });
    expect(draft.answers.parts.map(({ split }) => split)).toEqual(['train', 'test']);
    expect(draft.answers.dataset).toBe('bert');
    expect(built(draft).map(({ split, count }) => [split, count])).toEqual([
      ['train', 30],
      ['test', 20],
    ]);
    const twice = draft.answers.parts.map((part) => ({ ...part, split: 'test' as const }));
    const again = await draftOf({ 'bert-train.npz': of(30), 'bert-test.npz': of(20) });
    expect(faults(again, { ...said, parts: twice })['parts.1.split']).toMatch(/Two parts are of/);
  });

  it('has its confidence as margin or entropy too, with the rule of each', async () => {
    const make = () =>
      draftOf({
        'run.npz': npzFile({ logits: npyFile([M, N, K], logits), y: npyFile([N], labels, '<i2') }),
      });
    const p = [...logits.slice(0, K)].map(Math.exp);
    const sum = p.reduce((all, one) => all + one, 0);
    const sorted = p.map((one) => one / sum).sort((one, other) => other - one);
    const [margin] = built(await make(), { measure: 'margin' });
    expect(margin!.confidence[0]).toBeCloseTo(sorted[0]! - sorted[1]!, 6);
    const [entropy] = built(await make(), { measure: 'entropy' });
    expect(entropy!.rule).toBe('below');
    expect(entropy!.confidence[0]).toBeCloseTo(
      -sorted.reduce((all, one) => all + one * Math.log(one), 0),
      6,
    );
  });
});

/** Decisions at thresholds of four digits, which CSV keeps exactly. */
const sure = (j: number, i: number): number => Math.round(expected(j, i).sure * 1e4) / 1e4;

describe('a table', () => {
  const decided = (trace: Trace): void => {
    for (let j = 0; j < M; j++)
      for (let i = 0; i < N; i++) {
        expect(trace.prediction[j * N + i]).toBe(expected(j, i).best);
        expect(trace.confidence[j * N + i]).toBe(Math.fround(sure(j, i)));
      }
    expect([...trace.label]).toEqual([...labels]);
  };
  const rows = Array.from({ length: N }, (_, i) => i);
  const exits = ['early', 'mid', 'last'];
  const wide = (delimiter: string): string =>
    [
      ['', 'label', ...exits.flatMap((exit) => [`prediction_${exit}`, `confidence_${exit}`])],
      ...rows.map((i) => [
        ...[i, labels[i]!],
        ...exits.flatMap((_, j) => [expected(j, i).best, sure(j, i)]),
      ]),
    ]
      .map((row) => row.join(delimiter))
      .join('\r\n');

  it.each([',', ';', '\t', '|'])(
    'of a row an image opens with “%s” between cells',
    async (mark) => {
      const draft = await draftOf({ 'runs.csv': wide(mark) });
      expect(draft.tables[0]).toMatchObject({
        fault: null,
        layout: { delimiter: mark, hasHeader: true },
      });
      expect(draft.answers.exits).toBe('early, mid, last');
      expect(faults(draft, said)).toMatchObject({ rule: expect.stringContaining('held') });
      const [trace] = built(draft, { rule: 'above' });
      decided(trace!);
      expect(trace!.exits.map(({ name }) => name)).toEqual(exits);
    },
  );

  it('in long form opens: a row an image at an exit, in any order', async () => {
    const lines = rows.flatMap((i) =>
      exits.map((exit, j) => `${exit},${i},${expected(j, i).best},${sure(j, i)},${labels[i]}`),
    );
    const text = ['exit,image,prediction,confidence,label', ...lines].join('\n');
    decided(built(await draftOf({ 'long.csv': text }), { rule: 'at-least' })[0]!);
    const missing = await draftOf({ 'long.csv': text.split('\n').slice(0, -1).join('\n') });
    expect(missing.tables[0]!.fault).toMatch(/has 119 rows; expected 120/);
    const twice = await draftOf({ 'long.csv': `${text}\n${lines[0]}` });
    expect(twice.tables[0]!.fault).toMatch(/row 121 is a second one for image 0 at exit early/);
  });

  it('of logits opens, a row a score or a row an image at an exit', async () => {
    const names = ['ape', 'bee', 'cat', 'dog'];
    const one = ['image,exit,class,logit,label'];
    const many = ['image,exit,label,logit_ape,logit_bee,logit_cat,logit_dog'];
    for (const i of rows)
      for (let j = 0; j < M; j++) {
        const row = [...logits.slice((j * N + i) * K, (j * N + i + 1) * K)];
        row.forEach((x, k) => one.push(`${i},${j},${names[k]},${x},${names[labels[i]!]}`));
        many.push(`${i},${j},${labels[i]},${row.join(',')}`);
      }
    for (const text of [one, many]) {
      const draft = await draftOf({ 'x.tsv': text.join('\n') });
      expect(draft.tables[0]!.fault).toBeNull();
      expect(draft.answers.classes).toBe('ape, bee, cat, dog');
      isExpected(built(draft)[0]!);
    }
  });

  it('with classes as text opens, and its reading can be corrected', async () => {
    const text = 'who;truth;a pred;a conf\n1;cat;dog;0,5\n2;dog;dog;0.7\n';
    const draft = await draftOf({ 't.csv': text });
    expect(draft.tables[0]!.columns.map(({ role }) => role)).toEqual([
      ...['ignored', 'label', 'prediction', 'confidence'],
    ]);
    expect(draft.tables[0]!.fault).toBe(
      't.csv: row 1 of the column a conf is “0,5”; expected a number.',
    );
    const { layout, columns } = draft.tables[0]!;
    const revised = await reviseDraft(draft.id, [
      { layout, columns: columns.with(3, { role: 'confidence', exit: 'b', of: '' }) },
    ]);
    expect(revised.tables[0]!.fault).toMatch(/confidence of exit b has no prediction beside it/);
    const bare = await draftOf({ 't.csv': text.replace('0,5', '0.5') });
    const headless = await reviseDraft(bare.id, [
      { layout: { delimiter: ';', hasHeader: false }, columns: null },
    ]);
    expect(headless.tables[0]!.names[0]).toBe('column 1');
    const back = await reviseDraft(bare.id, [{ layout, columns: null }]);
    const [trace] = built(back, { rule: 'above', costs: '1', exits: '' });
    expect(trace!.classes).toEqual(['cat', 'dog']);
    expect([...trace!.label, ...trace!.prediction]).toEqual([0, 1, 1, 1]);
  });
});
