import { Explore, expect, SMALL, test } from '../page.ts';

test.describe('with what the browser keeps', () => {
  test.use({ serviceWorkers: 'allow' });

  test('without a connection the loaded page goes on working', async ({
    page,
    context,
    explore,
    complaints,
  }) => {
    await explore.open();
    // What comes when it is opened, as a menu does, is kept by then.
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
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
    // What is kept of recorded runs was still on its way; the rest comes with the next visit.
    forget(complaints, /\/(networks|runs)\//);
  });
});

test('without a connection a page that was not fetched yet says so, and can be had later', async ({
  page,
  context,
  explore,
  complaints,
}) => {
  await explore.open();
  await context.setOffline(true);
  await page.getByRole('link', { name: 'Compare' }).click();
  await expect(page.getByRole('alert')).toContainText('This page could not be fetched');
  // Explore is as it was.
  await page.getByRole('link', { name: 'Explore' }).click();
  await expect(explore.matrices).toHaveCount(10);
  await context.setOffline(false);
  await page.getByRole('link', { name: 'Compare' }).click();
  // Chromium holds code that did not come for missing: the page is loaded anew, by its link.
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('button', { name: 'Race', exact: true })).toBeVisible();
  await expect(page).toHaveURL(/page=compare/);
  complaints.length = 0;
});

test('without a connection methods race on what the page has', async ({
  page,
  context,
  explore,
  complaints,
}) => {
  await explore.open();
  await page.goto(`./${SMALL}&race=e2cm_sdn&epochs=1`);
  await explore.finished();
  const curves = page.waitForResponse('**/runs/curves.json');
  await page.getByRole('link', { name: 'Compare' }).click();
  const race = page.getByRole('button', { name: 'Race', exact: true });
  await expect(race).toBeVisible();
  await (await curves).finished();
  // What is compared image by image has fetched its traces.
  await expect(page.locator('.disagree')).toBeVisible();
  await context.setOffline(true);
  await race.click();
  await expect(page.locator('.compare-table')).toContainText('SDN, 1 epoch, seed 1, run here');
  await expect(race).toBeVisible();
  // The code that keeps the page for later comes once it is at rest: here, never.
  forget(complaints, /\/assets\/offline-|Failed to load resource: net::ERR_INTERNET_DISCONNECTED/);
});

/** Takes back what had to fail. */
function forget(complaints: string[], known: RegExp): void {
  complaints.splice(0, Infinity, ...complaints.filter((complaint) => !known.test(complaint)));
}

test('two tabs race side by side', async ({ context, page }) => {
  const other = await context.newPage();
  for (const tab of [page, other]) {
    await tab.goto(`./${SMALL}&page=compare&race=e2cm_sdn&epochs=1`);
    await tab.getByRole('button', { name: 'Race', exact: true }).click();
  }
  for (const tab of [page, other])
    await expect(tab.locator('.compare-table')).toContainText('SDN, 1 epoch, seed 1, run here', {
      timeout: 90_000,
    });
});

test('two tabs compute side by side and keep apart', async ({ context, explore }) => {
  const other = new Explore(await context.newPage());
  await Promise.all([explore.open(), other.open(`${SMALL}&seed=2`)]);
  const before = await other.leavingCounts();
  await explore.thresholds.first().press('Home');
  expect((await explore.leavingCounts())[0]).toBe(0);
  expect(await other.leavingCounts()).toEqual(before);
});
