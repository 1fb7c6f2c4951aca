/** A view in a frame on another page. */
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './page.ts';

test('a panel stands alone in a frame on another page, whose height follows it', async ({
  page,
  explore,
}) => {
  await page.goto('./');
  await explore.replayed();
  await explore.openMenu('Share');
  await page.getByRole('button', { name: 'Embed' }).click();
  const { violations } = await new AxeBuilder({ page }).include('dialog').analyze();
  expect(violations).toEqual([]);
  const code = (await explore.dialog.locator('pre').textContent())!;

  await page.route('**/blog.html', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<!doctype html><title>A blog</title><h1>A blog</h1>${code}`,
    }),
  );
  await page.goto('./blog.html');
  const frame = page.locator('iframe');
  const inside = page.frameLocator('iframe');
  const point = inside.getByRole('slider', { name: 'Operating point' });
  await expect(inside.locator('.curve svg.recharts-surface')).toBeVisible();
  await expect(inside.getByRole('banner')).toHaveCount(0);
  await expect(inside.locator('.exits')).toHaveCount(0);
  await expect(inside.locator('.embed-origin')).toContainText('test, 10,000 images · recorded');
  const height = (): Promise<number> =>
    frame.evaluate((element) => element.getBoundingClientRect().height);
  const content = (): Promise<number> =>
    inside.locator('.embed').evaluate((element) => element.getBoundingClientRect().height);
  const follows = async (): Promise<void> => {
    await expect.poll(async () => Math.abs((await height()) - (await content()))).toBeLessThan(6);
  };
  await follows();
  const wide = await content();
  await page.setViewportSize({ width: 390, height: 844 });
  await expect.poll(content).toBeGreaterThan(wide);
  await follows();

  await point.press('Home');
  const [full] = await Promise.all([
    page.context().waitForEvent('page'),
    inside.getByRole('link', { name: 'Open in Offramp' }).click(),
  ]);
  await full.waitForLoadState();
  await expect(full.getByRole('banner')).toBeVisible();
  await expect(full).toHaveURL(/[?&]T=/);
  await expect(full).not.toHaveURL(/embed|panel/);
  await full.close();
});

test('in a frame the map or the rail stands alone, and a panel that there is not is named', async ({
  page,
  explore,
}) => {
  await page.goto('./?embed=1&panel=map');
  await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
  await expect(explore.map).toBeVisible();
  await expect(explore.thresholds.first()).toBeHidden();
  await page.goto('./?embed=1&panel=rail');
  await expect(explore.thresholds.first()).toBeVisible();
  await expect(explore.map).toBeHidden();
  await page.goto('./?embed=1&panel=everything');
  await expect(explore.messages).toContainText(
    'panel is “everything”; expected one of curve, rail, map, image. It was ignored.',
  );
  await expect(explore.thresholds.first()).toBeVisible();
  await expect(page.getByRole('banner')).toHaveCount(0);
  await page.goto('./?page=compare&embed=1&panel=curve');
  await expect(page.locator('.compare-table')).toBeVisible();
  await expect(explore.messages).toContainText('Compare has no panel “curve” that stands alone');
});
