import { readFile } from 'node:fs/promises';
import Papa from 'papaparse';
import { expect, SMALL_TEST, test } from './page.ts';

test('dragging along the curve moves the thresholds and the cost', async ({ page, explore }) => {
  await explore.open();
  const chart = page.getByRole('figure', { name: /^Accuracy against/ });
  const plot = (await chart.locator('.operating-point rect').boundingBox())!;
  const y = plot.y + plot.height / 2;
  const at = (share: number): number => plot.x + plot.width * share;

  await page.mouse.move(at(0.3), y);
  await page.mouse.down();
  await page.mouse.move(at(0.02), y, { steps: 6 });
  const cheap = await explore.numbers();
  const leavingCheap = await explore.leavingCounts();
  await page.mouse.move(at(0.95), y, { steps: 12 });
  await page.mouse.up();
  const dear = await explore.numbers();
  const leavingDear = await explore.leavingCounts();

  expect(dear.cost).toBeGreaterThan(cheap.cost);
  expect(dear.accuracy).toBeGreaterThan(cheap.accuracy);
  expect(leavingDear[0]).toBeLessThan(leavingCheap[0]!);
  expect(leavingDear.reduce((sum, n) => sum + n, 0)).toBe(SMALL_TEST);
  await expect(explore.thresholds.first()).toHaveValue(String(leavingDear[0]));
  await expect(explore.setBy).toContainText('thresholds set by hand');
});

test('the operating point moves by keyboard, from the cheapest policy to the dearest', async ({
  explore,
}) => {
  await explore.open();
  const slider = explore.operatingPoint;
  await slider.focus();
  await slider.press('Home');
  const cheapest = await explore.numbers();
  await slider.press('ArrowRight');
  expect(await slider.inputValue()).toBe('1');
  await slider.press('End');
  const dearest = await explore.numbers();
  expect(dearest.cost).toBeGreaterThan(cheapest.cost);
  expect(dearest.accuracy).toBeGreaterThan(cheapest.accuracy);
  await expect(slider).toHaveAttribute('aria-valuetext', /of the FLOPs, [\d.]+ % right$/);
});

test('a target sets all thresholds, or the page says why not', async ({ page, explore }) => {
  await explore.open();
  const form = page.locator('form.target');
  await form.getByRole('textbox', { name: /^Target/ }).fill('0.4');
  await form.getByRole('button', { name: 'Set thresholds' }).click();
  await expect(explore.setBy).toContainText('thresholds set for a target');
  // The target is held on train; test images leave a little later or earlier.
  expect(Math.abs((await explore.numbers()).cost - 0.4)).toBeLessThan(0.1);

  await form.getByRole('textbox', { name: /^Target/ }).fill('0.01');
  await form.getByRole('button', { name: 'Set thresholds' }).click();
  await expect(form.getByRole('status')).toContainText(
    'No policy of this curve costs 0.01 or less',
  );
  await form.getByRole('textbox', { name: /^Target/ }).fill('much');
  await expect(form.getByRole('button', { name: 'Set thresholds' })).toBeDisabled();
  await expect(form.getByRole('status')).toContainText('Expected a number');
});

test('another way to choose thresholds draws its own curve', async ({ page, explore }) => {
  await explore.open();
  const stops = async (): Promise<string | null> => explore.operatingPoint.getAttribute('max');
  const frontier = await stops();
  await explore.select('Thresholds by').selectOption({ label: 'Plain sweep' });
  await explore.finished();
  expect(await stops()).not.toBe(frontier);
  await expect(page).toHaveURL(/curve=sweep/);
  await explore.select('Thresholds by').selectOption('patience');
  await explore.finished();
  await explore.operatingPoint.press('Home');
  const cheapest = (await explore.numbers()).cost;
  await explore.operatingPoint.press('End');
  expect((await explore.numbers()).cost).toBeGreaterThan(cheapest);
});

test('thresholds and curve can be taken away as files', async ({ page, explore }) => {
  await explore.open();
  await explore.openMenu('Export');
  const [thresholds] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: /^Thresholds/ }).click(),
  ]);
  expect(thresholds.suggestedFilename()).toMatch(/^strokes\..*\.thresholds\.json$/);
  const read = async (download: typeof thresholds): Promise<string> => {
    const chunks: Buffer[] = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString('utf8');
  };
  const file = JSON.parse(await read(thresholds)) as {
    exits: { threshold: number | string | null }[];
    measured: { split: string; images: number; leaving: number[]; accuracy: number };
  };
  expect(file.exits).toHaveLength(10);
  expect(file.exits.at(-1)!.threshold).toBeNull();
  expect(file.measured).toMatchObject({ split: 'test', images: SMALL_TEST });
  expect(file.measured.leaving).toEqual(await explore.leavingCounts());

  const [curve] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: /^Curve.*CSV/ }).click(),
  ]);
  const { data: rows } = Papa.parse<string[]>((await read(curve)).trim());
  expect(rows[0]).toContain('test accuracy');
  expect(rows.length).toBeGreaterThan(5);
  // The last one says what they are of.
  expect(new Set(rows.map((row) => row.length))).toEqual(new Set([15]));
});

test('rules that know more stand on the chart, and go with it when it is taken away', async ({
  page,
  explore,
}) => {
  await explore.open();
  const chart = page.getByRole('figure', { name: /^Accuracy against/ });
  const marks = chart.getByRole('img', { name: /^oracle, .*: [\d.]+ % at [\d.]+ of the FLOPs$/ });
  await expect(marks).toHaveCount(2);
  // Of the split on screen: training images have others.
  const said = (await marks.first().getAttribute('aria-label'))!;
  const legend = chart.getByText(said.replace(' of the FLOPs', ''));
  await expect(legend).toBeVisible();
  await explore.select('split').selectOption('train');
  await expect(marks).toHaveCount(2);
  await expect(marks.first()).not.toHaveAccessibleName(said);
  await explore.select('split').selectOption('test');
  await expect(marks.first()).toHaveAccessibleName(said);

  await explore.openMenu('Export');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: /^Curve, as drawn \(SVG\)/ }).click(),
  ]);
  const svg = await readFile(await download.path(), 'utf8');
  expect(svg).toContain(said.replace(' of the FLOPs', ''));
  expect(svg.match(/class="ideal"/g)).toHaveLength(2);
});
