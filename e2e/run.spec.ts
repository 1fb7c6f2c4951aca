import { expect, SMALL_TEST, test } from './page.ts';

test('a run can be stopped at once, keeps what it has, and can be run again', async ({
  page,
  explore,
}) => {
  await page.goto('./?data=strokes&train=6000&test=400&backend=wasm');
  await expect(explore.matrices.first()).toHaveAccessibleName(/train images right$/);
  await explore.stopButton.click();
  await expect(explore.progress).toContainText('Stopped; what was finished stays.', {
    timeout: 1000,
  });
  await expect(explore.runButton).toBeVisible();
  await expect(page.getByText(/of 6,000 images, so far/)).toBeVisible();
  const sofar = (await explore.leavingCounts()).reduce((sum, n) => sum + n, 0);
  expect(sofar).toBeGreaterThan(0);
  expect(sofar).toBeLessThan(6000);
  await explore.thresholds.first().press('PageUp');
  expect((await explore.leavingCounts()).reduce((sum, n) => sum + n, 0)).toBe(sofar);

  await explore.runButton.click();
  await explore.finished();
  await expect(explore.matrices.first()).toHaveAccessibleName(
    new RegExp(`of ${SMALL_TEST} test images right$`),
  );
});

test('progress says what runs, how far and how fast', async ({ page, explore }) => {
  await page.goto('./?data=strokes&train=6000&test=400&backend=wasm');
  await expect(explore.progress).toContainText(/\d\/\d [\d,]+ \/ 6,000/);
  await expect(explore.progress).toContainText('images/s');
  await expect(page.getByRole('progressbar')).toBeVisible();
  await explore.stopButton.click();
  await expect(page.getByRole('progressbar')).toHaveCount(0);
});

test('the same seed gives the same run, another seed another one', async ({ page, explore }) => {
  await explore.open();
  const first = await explore.leaving();
  await explore.runButton.click();
  await explore.finished();
  expect(await explore.leaving()).toEqual(first);
  await explore.openMenu('Options');
  await page.getByLabel(/^Seed/).fill('7');
  await page.getByRole('button', { name: 'Run with these' }).click();
  await explore.finished();
  expect(await explore.leaving()).not.toEqual(first);
  await expect(page).toHaveURL(/seed=7/);
});

test('options change the number of images and the label rule', async ({ page, explore }) => {
  await explore.open();
  const normalised = await explore.exitAccuracies();
  await explore.openMenu('Options');
  await explore.select('Label of an exit').selectOption('raw');
  await page.getByRole('button', { name: 'Run with these' }).click();
  await explore.finished();
  await expect(page).toHaveURL(/label=raw/);
  const raw = await explore.exitAccuracies();
  expect(raw).not.toEqual(normalised);
  expect(raw.at(-1)).toBe(normalised.at(-1));

  await page.getByRole('spinbutton', { name: 'Test images' }).fill('150');
  await page.getByRole('button', { name: 'Run with these' }).click();
  await explore.finished();
  await expect(explore.matrices.first()).toHaveAccessibleName(/of 150 test images right$/);
  expect((await explore.leavingCounts()).reduce((sum, n) => sum + n, 0)).toBe(150);
});

test('the training split can be looked at too', async ({ page, explore }) => {
  await explore.open();
  await explore.select('split').selectOption('train');
  await expect(explore.matrices.first()).toHaveAccessibleName(/of 600 train images right$/);
  expect((await explore.leavingCounts()).reduce((sum, n) => sum + n, 0)).toBe(600);
  await expect(page.getByRole('region', { name: 'Accuracy and cost' })).toContainText(
    'accuracy on train',
  );
});
