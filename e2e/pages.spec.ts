import { readFileSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './page.ts';

for (const [name, heading] of [
  ['compare', /^Methods on CIFAR-10/],
  ['paper', /^The paper, beside ours/],
] as const)
  for (const theme of ['light', 'dark'] as const)
    test(`nothing bars the way on ${name} in ${theme}, and it fits a narrow screen`, async ({
      page,
    }) => {
      await page.goto(`./?page=${name}&theme=${theme}`);
      await expect(page.getByRole('heading', { name: heading })).toBeVisible();
      await expect(page.locator('table:visible').first()).toBeVisible();
      await page.locator('.finding details').evaluateAll((all) => {
        for (const each of all) each.setAttribute('open', '');
      });
      const { violations } = await new AxeBuilder({ page }).analyze();
      const serious = violations.filter(
        ({ impact }) => impact === 'serious' || impact === 'critical',
      );
      expect(
        serious.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`)),
      ).toEqual([]);
      await page.setViewportSize({ width: 390, height: 844 });
      // Charts follow the new width a moment later.
      await expect
        .poll(() => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth))
        .toBeLessThanOrEqual(0);
    });

test('every sentence of the paper says whether it held here, and what it was held against', async ({
  page,
}) => {
  await page.goto('./?page=paper');
  const finding = page.locator('.finding', { hasText: 'to boost the latter’s performance' });
  await expect(finding).toContainText('Holds in part');
  await expect(finding).toContainText(/\d of the paper’s 9 comparisons recorded/);
  await finding.getByText('What it was held against').click();
  const comparison = finding.getByRole('row', { name: /^ResNet-152 · KMNIST, 100 epochs/ });
  await expect(comparison).toContainText('level');
  await expect(finding).toContainText('less than 0.2 points, or than seeds differ, is level');
  // The verdict is that of the thresholds that are chosen.
  await page.locator('#findings').getByRole('radio', { name: 'our frontier search' }).check();
  await expect(finding).toContainText('Does not hold');
});

test('Figure 1 is drawn from the recorded run and can be taken away', async ({ page }) => {
  await page.goto('./?page=paper');
  const figure = page.locator('#figure-1');
  await expect(figure).toContainText(/Training split, (the first )?10,000 of 50,000 images/);
  await expect(figure.locator('svg text').filter({ hasText: '% right' })).toHaveCount(6);
  const csv = page.waitForEvent('download');
  await figure.getByRole('button', { name: 'Counts as CSV' }).click();
  expect((await csv).suggestedFilename()).toMatch(/\.csv$/);
  const svg = page.waitForEvent('download');
  await figure.getByRole('button', { name: 'SVG' }).click();
  expect((await svg).suggestedFilename()).toMatch(/\.svg$/);
});

test('a panel of Figure 2 is taken away as a drawing and as numbers', async ({ page }) => {
  await page.goto('./?page=paper');
  const drawing = page.getByRole('img', { name: /^ResNet-18/ });
  const panel = page.locator('#figure-2 .paper-panel').filter({ has: drawing });
  const csv = page.waitForEvent('download');
  await panel.getByRole('button', { name: 'CSV' }).click();
  const file = await csv;
  expect(file.suggestedFilename()).toMatch(/^figure-2\..*\.csv$/);
  const lines = readFileSync(await file.path(), 'utf8')
    .trimEnd()
    .split('\n');
  expect(lines[0]).toBe('method,what,seed,relative FLOPs,accuracy on test,provenance');
  expect(lines[1]).toMatch(/^E2CM,.*,"images \(1\): /);
  expect(lines.some((line) => line.startsWith('SDN,policy,'))).toBe(true);
  const svg = page.waitForEvent('download');
  await panel.getByRole('button', { name: 'SVG' }).click();
  const drawn = readFileSync(await (await svg).path(), 'utf8');
  expect(drawn).toContain('FLOPs relative to');
  const said = /<metadata>(.*)<\/metadata>/.exec(drawn)![1]!.replaceAll('&amp;', '&');
  expect(JSON.parse(said)).toMatchObject({
    'method (1)': 'E2CM',
    'split (1)': 'test, 10,000 images',
    'made (1)': expect.stringMatching(/^recorded( on [\d-]+)?, commit [0-9a-f]+$/),
    address: page.url(),
  });
  expect(drawn).toContain('method (1): E2CM\n');
  const png = page.waitForEvent('download');
  await panel.getByRole('button', { name: 'PNG' }).click();
  const picture = readFileSync(await (await png).path());
  expect(picture.toString('utf8')).toContain(`iTXtSource\0\0\0\0\0${page.url()}`);
  expect(picture.toString('utf8')).toContain('method (1): E2CM\n');
});

test('what a person chose on Paper is in its link, and what no run has is said', async ({
  page,
}) => {
  await page.goto('./?page=paper');
  const figure = page.locator('#figure-1');
  const run = figure.getByLabel('Recorded run');
  await expect(figure.locator('svg text').filter({ hasText: '% right' })).toHaveCount(6);
  await run.selectOption('mnist-resnet18-w16-mnist-e2cm');
  await figure.getByText('Choose the exits').click();
  const exit = figure.getByLabel(/^1/);
  // An exit is shown once: those of the other matrices cannot be chosen.
  const free = exit.locator('option:not(:disabled):not(:checked)').first();
  await exit.selectOption((await free.getAttribute('value'))!);
  await page.locator('#table-1').getByRole('radio', { name: 'our frontier search' }).check();
  await expect(page).toHaveURL(/figure=mnist-resnet18-w16-mnist-e2cm&exits=\d+_/);
  await expect(page).toHaveURL(/paper-by=frontier/);
  await page.reload();
  await expect(run).toHaveValue('mnist-resnet18-w16-mnist-e2cm');
  await expect(figure).toContainText('The exits were chosen by hand.');
  await expect(
    page.locator('#table-1').getByRole('radio', { name: 'our frontier search' }),
  ).toBeChecked();

  await page.goto('./?page=paper&figure=nobody-ran-this&exits=1_200');
  await expect(page.getByRole('region', { name: 'Messages' })).toContainText(
    'No recorded run “nobody-ran-this” is here for Figure 1; the first one is shown.',
  );
});

test('cells of the paper that nobody has run are empty and say what they take', async ({
  page,
}) => {
  await page.goto('./?page=paper');
  const table = page.locator('#table-1');
  await expect(table).toContainText('Erratum');
  await expect(table).toContainText('not trained yet');
  await page.locator('#networks').getByText('What it takes').first().click();
  await expect(page.locator('#networks')).toContainText('python3 training/train.py');
});
