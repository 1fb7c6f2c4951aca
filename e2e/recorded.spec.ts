import { EXITS, expect, test } from './page.ts';

test('the page opens on a recorded run of a real experiment, and says so', async ({
  page,
  explore,
}) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto('./');
  await explore.replayed();
  await expect(explore.recorded).toContainText(
    /ResNet-18 · CIFAR-10 \(24 epochs\): class means from 50,000 training images; traced 10,000 test images and the first 10,000 training images/,
  );
  await expect(explore.recorded).toContainText(/commit [0-9a-f]{12}\./);
  await expect(explore.matrices).toHaveCount(EXITS);
  await expect(explore.matrices.first()).toHaveAccessibleName(/of 10,000 test images right$/);
  const accuracies = await explore.exitAccuracies();
  expect(accuracies[0]).toBeLessThan(0.45);
  expect(accuracies.at(-1)).toBeGreaterThan(0.84);
  // Nothing was computed: no weights and no backend were fetched.
  expect(asked.filter((url) => /\.wasm$|group1-shard/.test(url))).toEqual([]);
});

test('a recorded run is steered like one that was computed here', async ({ page, explore }) => {
  await page.goto('./');
  await explore.replayed();
  const before = await explore.leavingCounts();
  expect(before.reduce((sum, leave) => sum + leave, 0)).toBe(10_000);
  await explore.thresholds.nth(2).press('End');
  await expect(explore.setBy).toContainText('thresholds set by hand');
  const after = await explore.leavingCounts();
  expect(after[2]).toBeGreaterThan(before[2]!);
  expect(after.slice(3).every((leave) => leave === 0)).toBe(true);
  await explore.select('split').selectOption('train');
  await expect(explore.matrices.first()).toHaveAccessibleName(/of 10,000 train images right$/);
  await explore.image.getByRole('spinbutton').fill('5');
  await expect(explore.image.getByText(/^Leaves at/)).toBeVisible();
  await expect(explore.image).toContainText('not the class means');
});

test('what computing it here would take is said, and strokes can be watched live', async ({
  page,
  explore,
}) => {
  await page.goto('./?backend=wasm');
  await explore.replayed();
  await expect(explore.recorded).toContainText(
    'To compute it here, the CIFAR-10 images are missing.',
  );
  await explore.runButton.click();
  await expect(explore.messages.getByRole('alert')).toContainText(
    'There are no CIFAR-10 images here.',
  );
  // Nothing that was on screen is lost.
  await expect(explore.recorded).toBeVisible();
  await expect(explore.matrices).toHaveCount(EXITS);
  await page.getByRole('button', { name: 'Watch a live run on Strokes' }).click();
  await explore.finished();
  await expect(explore.recorded).toHaveCount(0);
});

test('thumbnails come with the images, and computing it here gives what was recorded', async ({
  page,
  explore,
}) => {
  await page.goto('./?data=strokes&from=recorded&backend=wasm');
  await explore.replayed();
  // Drawn images know their difficulty; it is there once they are.
  await expect(explore.select('order').getByText('easiest first')).toBeAttached();
  const recorded = await explore.exitAccuracies();
  await page.goto('./?data=strokes&from=live&test=10000&backend=wasm');
  await explore.finished();
  await expect(explore.recorded).toHaveCount(0);
  const computed = await explore.exitAccuracies();
  // Shown in tenths of a percent; a handful of images may tie.
  computed.forEach((accuracy, j) => expect(Math.abs(accuracy - recorded[j]!)).toBeLessThan(0.0016));
});

test('networks that are only replayed or not trained yet say how to get them', async ({
  page,
  explore,
}) => {
  await page.goto('./');
  await explore.replayed();
  await explore.openMenu(/^Network/);
  const menu = page.getByRole('group', { name: 'Network' });
  await expect(menu.getByRole('button', { name: /^ResNet-18/ })).toContainText(
    'runs live here, and is recorded',
  );
  await expect(menu).toContainText('not trained yet');
  await menu.getByText('How to train it').first().click();
  await expect(menu.locator('pre').first()).toContainText('python3 training/train.py --dataset');
});

test('pages are links, and Back goes back', async ({ page, explore }) => {
  await page.goto('./');
  await explore.replayed();
  await page.getByRole('link', { name: 'Paper' }).click();
  await expect(page).toHaveURL(/page=paper/);
  await expect(page.getByRole('heading', { name: /Figure 1/ })).toBeVisible();
  await page.goBack();
  await expect(page).not.toHaveURL(/page=paper/);
  await expect(explore.matrices).toHaveCount(EXITS);
});
