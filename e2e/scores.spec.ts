import { readFile } from 'node:fs/promises';
import AxeBuilder from '@axe-core/playwright';
import { encodeScores, keepRows, withScores } from '../src/core/kept-scores.ts';
import { encodeTrace } from '../src/core/trace-file.ts';
import { npyFile, npzFile } from '../src/data/arrays/testing.ts';
import { expect, test } from './page.ts';
import { tinyTrace } from './tiny-trace.ts';

const [EXITS, CLASSES] = [3, 4];

/** Logits that grow surer than they are right, the later the exit the more; and labels. */
function arrays(count: number, seed: number): Record<string, Uint8Array> {
  const label = Uint8Array.from({ length: count }, (_, i) => (i * 7 + seed) % CLASSES);
  const logits = Float64Array.from({ length: EXITS * count * CLASSES }, (_, at) => {
    const [c, i, j] = [
      at % CLASSES,
      Math.floor(at / CLASSES) % count,
      Math.floor(at / CLASSES / count),
    ];
    const noise = ((at * 7919 + seed * 104_729) % 97) / 97 - 0.5;
    return 6 * (j + 1) * ((c === label[i] ? 0.3 : 0) + noise);
  });
  return {
    logits: npyFile([EXITS, count, CLASSES], logits),
    labels: npyFile([count], label, '|u1'),
  };
}

function file(): Uint8Array {
  const train = arrays(200, 1);
  const test = arrays(160, 2);
  return npzFile({
    ...{ train_logits: train.logits!, train_labels: train.labels! },
    ...{ test_logits: test.logits!, test_labels: test.labels! },
  });
}

test('opened logits are held by another confidence, and all of the page follows', async ({
  page,
  explore,
}) => {
  await page.goto('./');
  await explore.replayed();
  await explore.drop(new Map([['net.npz', file()]]));
  const form = page.getByRole('dialog', { name: 'What is in net.npz?' });
  await form.getByLabel('Network', { exact: true }).fill('msdnet');
  await form.getByLabel('Cost of leaving at each exit').fill('1, 2, 4');
  await form.getByLabel('Unit of the costs').selectOption('FLOPs');
  await form.getByLabel('Is the last exit the plain network?').selectOption('yes');
  await form.getByRole('button', { name: 'Open' }).click();
  const strip = page.getByRole('region', { name: 'Opened trace' });
  await expect(strip).toContainText('An image leaves where max softmax ≥ T');
  await expect(explore.searched).toHaveText(/undominated/);

  const confidence = strip.getByRole('combobox', { name: 'Confidence' });
  await confidence.selectOption('entropy');
  await expect(strip).toContainText('An image leaves where entropy in nats < T');
  await expect(strip).toContainText('After Teerapittayanon et al. 2016 (BranchyNet).');
  await expect(explore.searched).toHaveText(/undominated/);
  await explore.thresholds.first().press('End');
  expect((await explore.leavingCounts())[0]).toBe(160);

  await confidence.selectOption('max-softmax');
  await strip.getByRole('combobox', { name: 'of', exact: true }).selectOption('mean');
  await expect(strip).toContainText('where max softmax, mean of exits ≥ T');
  await strip.getByRole('combobox', { name: 'of', exact: true }).selectOption('alone');
  await strip.getByRole('checkbox', { name: 'a temperature for each exit' }).check();
  await expect(strip).toContainText('where max softmax, tempered ≥ T');
  expect((await new AxeBuilder({ page }).include('.confidence').analyze()).violations).toEqual([]);
  await page.getByText('How far to trust a confidence').click();
  const trust = page.getByRole('group', { name: 'Confidences by exit' });
  const row = trust.getByRole('row', { name: /^exit 3/ });
  await expect(row.getByRole('cell').nth(4)).toHaveText(/\d/);
  const [temperature, before, after] = (await row.getByRole('cell').allTextContents())
    .slice(2, 5)
    .map(Number) as [number, number, number];
  expect(temperature).toBeGreaterThan(1);
  expect(after).toBeLessThan(before);

  // What is exported under a choice holds its confidences; as it came, its scores.
  const exported = async (): Promise<{ format: string; unit: string; arrays: object }> => {
    await explore.openMenu('Export');
    const json = page.waitForEvent('download', (one) => one.suggestedFilename().endsWith('.json'));
    await page.getByRole('button', { name: 'Trace (JSON and binary)' }).click();
    const text = await readFile(await (await json).path(), 'utf8');
    await page.keyboard.press('Escape');
    return JSON.parse(text) as { format: string; unit: string; arrays: object };
  };
  expect(await exported()).toMatchObject({
    format: 'offramp-trace/1',
    unit: 'max softmax, tempered',
  });

  // It is kept with the trace, and Compare draws it so.
  await page.getByRole('link', { name: 'Compare' }).click();
  const own = page.getByRole('region', { name: 'Traces of your own' });
  await own.getByRole('checkbox', { name: /^msdnet on net/ }).check();
  const table = page.getByRole('group', { name: 'Methods at a budget' }).getByRole('table');
  await expect(
    table.getByRole('row', { name: /of msdnet on net, held by max softmax, tempered, opened/ }),
  ).toContainText('160');
  await page.getByRole('link', { name: 'Explore' }).click();
  await confidence.selectOption('');
  await expect(strip).toContainText('where max softmax ≥ T');
  const { format, arrays: stored } = await exported();
  expect(format).toBe('offramp-trace/2');
  expect(stored).toMatchObject({ scores: { dtype: 'float16', length: EXITS * 160 * CLASSES } });
});

/** A trace of the format with scores: exit 0 is unsure of every image, exit 1 sure of every other one. */
function scored(): ReadonlyMap<string, Uint8Array> {
  const count = 40;
  const of = (j: number, i: number): readonly number[] =>
    j === 0 ? [0.5, 0, 0] : i % 2 === 0 ? [8, 0, 0] : [1, 0, 0];
  const rows = [0, 1].flatMap((j) => Array.from({ length: count }, (_, i) => of(j, i)));
  const trace = tinyTrace('test', count, {
    ...{ method: 'elsewhere', rule: 'above', unit: 'luck' },
    exits: [1, 2].map((flops, stage) => ({ name: `exit ${stage}`, stage, flops })),
    prediction: new Uint8Array(2 * count),
    confidence: Float32Array.from({ length: 2 * count }, (_, at) => (at % 7) / 7),
  });
  const scores = new Uint16Array(rows.length * 3);
  keepRows(
    { values: rows.flat(), first: 0, step: 3 },
    { kind: 'logits', images: rows.length, classes: 3 },
    { scores, to: 0 },
  );
  const { header, bytes } = encodeTrace(trace);
  return new Map([
    [
      'scored.trace.json',
      Buffer.from(JSON.stringify(withScores(header, bytes.length, scores.length))),
    ],
    ['scored.trace.bin', Buffer.concat([bytes, encodeScores(scores)])],
  ]);
}

test('a link says by which confidence of its scores a trace is held', async ({ page, explore }) => {
  const files = scored();
  await page.route('https://traces.example/**', async (route) => {
    const name = new URL(route.request().url()).pathname.slice(1);
    const headers = { 'access-control-allow-origin': '*' };
    await route.fulfill({ headers, body: Buffer.from(files.get(name)!) });
  });
  await page.goto('./?trace=https://traces.example/scored.trace.json&held=margin.mean&T=0.2');
  const strip = page.getByRole('region', { name: 'Opened trace' });
  await expect(strip).toContainText('where margin of the two largest, mean of exits ≥ T');
  await expect(page).toHaveURL(/held=margin\.mean/);
  await expect(strip.getByRole('checkbox')).toBeDisabled();
  await expect(strip).toContainText('need tuning images that came with scores');
  // (e^0.5 − 1) / (e^0.5 + 2) is 0.178.
  expect(await explore.leavingCounts()).toEqual([0, 40]);
  await strip.getByRole('combobox', { name: 'Confidence' }).selectOption('');
  await expect(strip).toContainText('where luck > T');
  await expect(page).not.toHaveURL(/held=/);
  await page.getByRole('button', { name: 'tune on half of the test images' }).click();
  await expect(strip).toContainText('on screen are the 20');
  await strip.getByRole('combobox', { name: 'Confidence' }).selectOption('margin');
  await strip.getByRole('checkbox').check();
  await expect(strip).toContainText('where margin of the two largest, tempered ≥ T');
});
