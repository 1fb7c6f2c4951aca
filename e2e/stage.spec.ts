import { idxImagesFile } from '../src/data/testing.ts';
import { expect, test } from './page.ts';

const CLUSTERS =
  'c-data=strokes&c-start=fresh&c-from=live&c-train=120&c-test=60&c-epochs=1&c-steps=4&c-interval=2';

test('Explore and Unsupervised each keep what they had while the other is shown', async ({
  explore,
}) => {
  const { page } = explore;
  const open = (name: string) =>
    page
      .getByRole('navigation', { name: 'Pages' })
      .getByRole('link', { name, exact: true })
      .click();
  await explore.open(`?data=strokes&train=300&test=200&backend=wasm&${CLUSTERS}`);
  await explore.thresholds.nth(2).press('PageUp');
  await expect(explore.setBy).toHaveText(/set by hand/);
  const before = await explore.leavingCounts();

  await open('Unsupervised');
  await explore.finished();
  expect(await explore.exitAccuracies()).toHaveLength(3);
  const clustered = await explore.leavingCounts();
  expect(clustered.reduce((sum, count) => sum + count)).toBe(60);

  await open('Explore');
  await expect.poll(() => explore.leavingCounts()).toEqual(before);
  await expect(explore.setBy).toHaveText(/set by hand/);

  await open('Unsupervised');
  await expect.poll(() => explore.leavingCounts()).toEqual(clustered);
  await expect(explore.progress).toContainText('done in');
});

test('a training that is left goes on where it was', async ({ explore }) => {
  const { page } = explore;
  const bar = page.getByRole('banner');
  const long = CLUSTERS.replace('c-epochs=1', 'c-epochs=300');
  await page.goto(`./?page=unsupervised&backend=wasm&${long}`);
  await expect(explore.progress).toContainText('DEC-large: autoencoder', { timeout: 60_000 });
  const pages = page.getByRole('navigation', { name: 'Pages' });
  await pages.getByRole('link', { name: 'Explore', exact: true }).click();
  await expect(explore.messages).toContainText('The clustering was stopped.');
  await explore.replayed();
  await pages.getByRole('link', { name: 'Unsupervised', exact: true }).click();
  await bar.getByRole('button', { name: 'Go on', exact: true }).click();
  await expect(explore.progress).toContainText('DEC-large: autoencoder', { timeout: 60_000 });
  await explore.stopButton.click();
  await expect(bar.getByRole('button', { name: 'Go on', exact: true })).toBeVisible();
});

test('images without labels, dropped on Unsupervised, are clustered, and nothing claims to know their classes', async ({
  explore,
}) => {
  const { page } = explore;
  const quick = 'c-epochs=1&c-steps=4&c-interval=2&c-k=4&c-train=72&c-test=18';
  await page.goto(
    `./?page=unsupervised&backend=wasm&c-data=strokes&c-from=live&${quick}&c-start=fresh`,
  );
  await expect(explore.progress).toContainText('done in', { timeout: 60_000 });
  await explore.drop(new Map([['my-pictures', idxImagesFile(90, 8, 8)]]));
  await expect(explore.messages).toContainText(
    '90 images without classes: the last 18 are the test split',
    { timeout: 60_000 },
  );
  await expect(page.getByRole('button', { name: /^Enlarge the matrix of clusters/ })).toHaveCount(
    3,
  );
  await expect(page.getByRole('main')).toContainText('agreement with DEC-large');
  await expect(page.getByRole('main')).not.toContainText('true class');
  await expect(page.getByRole('main')).not.toContainText('ACC');
});
