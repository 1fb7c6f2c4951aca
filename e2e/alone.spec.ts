import { Explore, expect, SMALL, test } from './page.ts';

test('without a connection the loaded page goes on working', async ({ page, context, explore }) => {
  await explore.open();
  await context.setOffline(true);
  const before = await explore.leavingCounts();
  await explore.thresholds.first().press('PageDown');
  expect((await explore.leavingCounts())[0]).toBeLessThan(before[0]!);
  await explore.openMenu('Options');
  await page.getByLabel(/^Seed/).fill('11');
  await page.getByRole('button', { name: 'Run with these' }).click();
  await explore.finished();
  expect(await explore.leavingCounts()).not.toEqual(before);
  await explore.image.getByRole('spinbutton').fill('9');
  await expect(explore.image.locator('.distances')).toBeVisible();
});

test('two tabs compute side by side and keep apart', async ({ context, explore }) => {
  const other = new Explore(await context.newPage());
  await Promise.all([explore.open(), other.open(`${SMALL}&seed=2`)]);
  const before = await other.leavingCounts();
  await explore.thresholds.first().press('Home');
  expect((await explore.leavingCounts())[0]).toBe(0);
  expect(await other.leavingCounts()).toEqual(before);
});
