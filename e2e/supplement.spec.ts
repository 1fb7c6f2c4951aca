/** A run in one file, opened from a disk. */
import { readFileSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import { replay } from '../src/core/replay.ts';
import { readSupplement } from '../src/ui/supplement/read.ts';
import { expect, test } from './page.ts';

test('the run on screen leaves as one file that replays it from a disk, as exactly as the page', async ({
  page,
  explore,
  context,
}) => {
  await page.goto('./');
  await explore.replayed();
  await explore.openMenu('Export');
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'This run in one file (HTML)' }).click();
  const download = await saved;
  expect(download.suggestedFilename()).toBe('cifar-10.resnet18-cifar10.e2cm.test.html');
  const file = test.info().outputPath('run.html');
  await download.saveAs(file);
  const run = readSupplement(
    /type="application\/json">(.*?)<\/script>/.exec(readFileSync(file, 'utf8'))![1]!,
  );

  const alone = await context.newPage();
  const asked: string[] = [];
  alone.on('request', (request) => asked.push(request.url()));
  await alone.goto(`file://${file}`);
  const sliders = alone.getByRole('slider', { name: /^Images that leave at/ });
  await expect(sliders).toHaveCount(run.trace.exits.length - 1);
  const rows = alone.locator('.supplement-table tbody tr');
  /** What stands in the table and above it must be what a replay gives under the thresholds in the table. */
  const isReplayed = async (): Promise<number[]> => {
    const cells = await rows.evaluateAll((found) =>
      found.map((row) => [...row.children].map((cell) => cell.textContent)),
    );
    const thresholds = cells.slice(0, -1).map(([, , t]) => Number(t));
    const outcome = replay(run.trace, { rule: run.rule, thresholds });
    const whole = (text: string): number => Number(text.replaceAll(',', ''));
    expect(cells.map((row) => whole(row[4]!))).toEqual([...outcome.leaving]);
    expect(cells.map((row) => whole(row[5]!))).toEqual([...outcome.right]);
    const numbers = await alone.locator('.numbers dd').allTextContents();
    expect(numbers).toEqual([
      `${(100 * outcome.accuracy).toFixed(2)} %`,
      (outcome.meanFlops / run.trace.networkFlops).toFixed(4),
    ]);
    return thresholds;
  };
  expect(await isReplayed()).toEqual(run.thresholds);
  const again = alone.getByRole('button', { name: 'Thresholds as they were' });
  await expect(again).toBeDisabled();
  await sliders.nth(3).fill('2000');
  const moved = await isReplayed();
  expect(moved[3]).not.toBe(run.thresholds[3]);
  expect(moved.toSpliced(3, 1)).toEqual(run.thresholds.toSpliced(3, 1));
  await alone.getByRole('slider', { name: 'Operating point' }).fill('0');
  const cheapest = run.curve.reduce((best, stop) => (stop.cost < best.cost ? stop : best));
  expect(await isReplayed()).toEqual(cheapest.thresholds);
  await again.click();
  expect(await isReplayed()).toEqual(run.thresholds);
  await expect(alone.getByText(/^recorded( on [\d-]+)?, commit/)).toBeVisible();
  const { violations } = await new AxeBuilder({ page: alone }).analyze();
  expect(violations.map(({ id, nodes }) => `${id} ${nodes[0]?.target.join(' ')}`)).toEqual([]);
  await alone.setViewportSize({ width: 390, height: 844 });
  const wide = () => alone.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  await expect.poll(wide).toBeLessThanOrEqual(0);
  expect(asked).toEqual([`file://${file}`]);
});
