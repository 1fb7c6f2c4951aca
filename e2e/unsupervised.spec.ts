import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { pattern, pngFile } from '../src/data/pictures/testing.ts';
import { expect, test, type Explore } from './page.ts';

/** Few images and steps on the backend that every machine has. */
const TINY =
  '?page=unsupervised&backend=wasm&c-data=strokes&c-start=fresh&c-from=live' +
  '&c-train=200&c-test=100&c-epochs=1&c-steps=10&c-interval=5&c-batch=50';

const training = (page: Page) => page.getByRole('region', { name: 'Training' });
const clusters = (page: Page) =>
  page.getByRole('region', { name: 'Clusters, and where their images leave' });

/** Trained to the end, searched through. */
async function trained({ page, progress, searched }: Explore): Promise<void> {
  await expect(progress).toContainText('done in', { timeout: 80_000 });
  await expect(searched).toHaveText(/undominated, [\d.]+ (s|min \d+ s)$/);
  await expect(clusters(page)).toBeVisible();
}

/** Images that leave with each cluster, in the table under the map. */
async function sizes(page: Page): Promise<number[]> {
  const cells = page.locator('.cluster-table tbody td:nth-last-child(2)');
  return (await cells.allTextContents()).map(Number);
}

test('a clustering trains here, stage by stage, and its exits are steered like others', async ({
  page,
  explore,
}) => {
  await page.goto(`./${TINY}`);
  await expect(page.getByRole('heading', { name: 'Clusters as they form' })).toBeVisible({
    timeout: 60_000,
  });
  await expect(training(page).getByRole('button', { name: /^DEC-large/ })).toBeVisible();
  await trained(explore);
  for (const encoder of ['DEC-large', 'DEC-middle', 'DEC-small'])
    await expect(
      training(page).getByRole('button', { name: new RegExp(`^${encoder} ?done`) }),
    ).toBeVisible();
  await training(page)
    .getByRole('button', { name: /^DEC-large/ })
    .click();
  await expect(page.getByRole('img', { name: /^10 images above their reconstr/ })).toBeVisible();
  await expect(page.locator('.score-table tbody tr')).toHaveCount(3);

  await expect(explore.matrices).toHaveCount(3);
  await expect(
    page.getByRole('heading', { name: 'What the nearest cluster centre knows at each exit' }),
  ).toBeVisible();
  await explore.thresholds.first().press('End');
  expect((await explore.leavingCounts())[0]).toBe(100);
  const all = await sizes(page);
  expect(all.reduce((sum, size) => sum + size, 0)).toBe(100);
  await explore.thresholds.first().press('Home');
  expect((await explore.leavingCounts())[0]).toBe(0);
  expect((await sizes(page)).reduce((sum, size) => sum + size, 0)).toBe(100);
});

test('a cluster gets a name that stays, and an image of it tells its story', async ({
  page,
  explore,
}) => {
  await page.goto(`./${TINY}`);
  await trained(explore);
  const map = clusters(page);
  const first = map.getByRole('button', { name: /rename this cluster$/ }).first();
  const was = (await first.textContent())!.split(' ')[0]!;
  await first.click();
  const field = map.getByRole('textbox', { name: /^Name of/ });
  await field.fill('never mind');
  await field.press('Escape');
  await expect(first).toContainText(was);
  await first.click();
  await field.fill('round ones');
  await field.press('Enter');
  await expect(first).toBeFocused();
  await expect(first).toContainText('round ones');
  await page.reload();
  await trained(explore);
  await expect(first).toContainText('round ones');

  await explore.thresholds.first().press('End');
  const row = map.locator('.cluster-row').filter({ has: page.locator('canvas') });
  const shown = (await sizes(page)).findIndex((size) => size > 0);
  await row
    .nth(shown)
    .locator('canvas')
    .click({ position: { x: 20, y: 10 } });
  await expect(page).toHaveURL(/image=\d+/);
  await expect(explore.image.getByText(/^Leaves at DEC-small as/)).toBeVisible();
  await expect(explore.image.getByText('nearer to the cluster centre')).toBeVisible();
});

test('pictures of no class are clustered, whatever cannot be read is named', async ({
  page,
  explore,
}) => {
  await page.goto(`./${TINY}`);
  await trained(explore);
  const pictures = Array.from({ length: 60 }, (_, n): [string, Uint8Array] => [
    `${n}.png`,
    pngFile(pattern(n % 2 ? 20 : 24, 20, 1, n)),
  ]);
  await explore.drop(
    new Map([...pictures, ['broken.png', new TextEncoder().encode('no picture')]]),
  );
  await expect(explore.messages).toContainText('broken.png is no picture');
  await trained(explore);
  await expect(page).toHaveURL(/c-data=unlabelled/);
  await expect(page.getByRole('region', { name: 'About the images' })).toContainText(
    '60 images without classes: the last 12 are the test split',
  );
  await expect(page.locator('.numbers')).toContainText('agreement with DEC-large on test');
  expect((await sizes(page)).reduce((sum, size) => sum + size, 0)).toBe(12);
});

test('without the classes no word of them is left, and nothing is trained anew', async ({
  page,
  explore,
}) => {
  await page.goto(`./${TINY}`);
  await trained(explore);
  await explore.openMenu('Own setting');
  await page.getByLabel('Use the classes for measuring').uncheck();
  await page.keyboard.press('Escape');
  await expect(page.getByText('rows: cluster by DEC-large, columns: cluster')).toBeVisible();
  await expect(page.locator('.numbers')).toContainText('agreement with DEC-large on test');
  // DEC-large agrees with itself.
  await expect(page.locator('.exit-accuracy').last()).toHaveText('100.0 %');
  const words = (await page.locator('main').textContent())!;
  for (const word of ['accuracy on', 'true class', 'ACC', 'truth:', 'wrong'])
    expect(words).not.toContain(word);
  await expect(explore.progress).toContainText('done in');
  await expect(page).toHaveURL(/c-classes=no/);
});

test('a training that is stopped goes on where it was, and so does one that a reload breaks off', async ({
  page,
  explore,
}) => {
  const asked = TINY.replace('c-epochs=1&', 'c-epochs=15&').replace('c-steps=10&', 'c-steps=150&');
  await page.goto(`./${asked}`);
  await expect(training(page)).toContainText(/autoencoder, step \d/, { timeout: 60_000 });
  await explore.stopButton.click();
  await expect(explore.progress).toContainText('Stopped; what was finished stays.');
  await expect(training(page)).toContainText(/stopped at DEC-large: autoencoder, step \d/);
  const step = Number(/step (\d+)/.exec((await training(page).textContent())!)![1]);
  await page.getByRole('banner').getByRole('button', { name: 'Go on' }).click();
  // The stage before it is over, and kept.
  await expect(training(page)).toContainText(/refinement, step \d/, { timeout: 60_000 });
  await page.reload();
  await expect(explore.messages).toContainText(
    'A training with these settings was broken off: it goes on with the stages that it had done.',
  );
  await expect(explore.messages.getByRole('button', { name: 'Begin anew' })).toBeVisible();
  await trained(explore);
  expect(step).toBeLessThan(90);
});

test('a number that is none is said, and the old one stays', async ({ page, explore }) => {
  await page.goto(`./${TINY}`);
  await trained(explore);
  await explore.openMenu('Own setting');
  const epochs = page.getByRole('textbox', { name: 'Pretraining, epochs' });
  await epochs.fill('1.5');
  await epochs.press('Enter');
  await expect(page.getByRole('alert')).toHaveText(
    'Pretraining, epochs: expected a whole number from 1 to 1000; “1.5” came. It stays at 1.',
  );
  await expect(epochs).toHaveValue('1');
  await page.getByRole('button', { name: /^Quick/ }).click();
  await expect(epochs).not.toHaveValue('1');
  await expect(
    page.getByRole('banner').getByRole('button', { name: 'Quick setting' }),
  ).toBeVisible();
});

for (const theme of ['light', 'dark'] as const)
  test(`nothing bars the way in ${theme}, and it fits a narrow screen`, async ({
    page,
    explore,
  }) => {
    await page.goto(`./${TINY}&theme=${theme}`);
    await trained(explore);
    await page.getByText('Clusters in numbers').click();
    await explore.openMenu('Own setting');
    const barriers = async (): Promise<string[]> => {
      const { violations } = await new AxeBuilder({ page }).analyze();
      return violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
    };
    expect(await barriers()).toEqual([]);
    await page.keyboard.press('Escape');
    await explore.matrices.first().click();
    expect(await barriers()).toEqual([]);
    await page.keyboard.press('Escape');
    await page.setViewportSize({ width: 390, height: 844 });
    await expect
      .poll(() => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth))
      .toBeLessThanOrEqual(0);
  });
