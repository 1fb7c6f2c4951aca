import { follow, tooHeavy, total, VISITS, weigh } from '../scripts/weight.ts';
import { expect, test } from './page.ts';

for (const visit of VISITS)
  test(`${visit.name} weighs no more than it may`, async ({ page, context, baseURL, explore }) => {
    const fetched = follow(context, baseURL!);
    await page.goto(`./${visit.query}`);
    await expect(explore.progress.getByText(visit.done)).toBeVisible({ timeout: 60_000 });
    // With the searches done and the charts drawn nothing more is asked for.
    await expect(explore.searched).toHaveText(/undominated, [\d.]+ s$/);
    for (const chart of visit.charts)
      await expect(page.locator(`${chart} svg.recharts-surface`)).toBeVisible();
    const files = await Promise.all(
      [...fetched].map(async (path) => {
        const response = await page.request.get(`./${path === 'index.html' ? '' : path}`);
        return weigh(path, await response.body());
      }),
    );
    test.info().annotations.push({ type: 'bytes, gzipped', description: `${total(files)}` });
    expect(tooHeavy(visit, files)).toBeNull();
  });
