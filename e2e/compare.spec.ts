import { expect, SMALL, test } from './page.ts';

test('methods race under one budget, and their curves, costs and disagreements are shown', async ({
  page,
  explore,
}) => {
  await page.goto(`./${SMALL}&page=compare&epochs=1`);
  const table = page.getByRole('group', { name: 'Methods at a budget' }).getByRole('table');
  await page.getByRole('button', { name: 'Race', exact: true }).click();
  await expect(table.getByRole('row', { name: /^E2CM, run here/ })).toBeVisible();
  const sdn = table.getByRole('row', { name: /^SDN, 1 epoch, seed 1, run here/ });
  await expect(sdn).toBeVisible();
  // E2CM has no gradients; SDN has.
  await expect(table.getByRole('row', { name: /^E2CM, run here/ })).toContainText('none');
  await expect(sdn).not.toContainText('none');
  await expect(page.locator('.compare-chart path.recharts-line-curve')).not.toHaveCount(0);

  // The race goes on with the other methods: it ends by itself.
  await expect(page.getByRole('button', { name: 'Race', exact: true })).toBeVisible();
  const found = page.getByRole('region', { name: 'Where they disagree' });
  await expect(found).toContainText('Of 400 test images');
  const counts = await found.locator('.verdicts b').allTextContents();
  expect(counts.map(Number).reduce((sum, n) => sum + n, 0)).toBe(400);
  await found.getByRole('button', { name: /^both right/ }).click();
  await found
    .getByRole('button', { name: /^E2CM: / })
    .first()
    .click();
  await expect(explore.matrices).toHaveCount(10);
  await explore.finished();
  await expect(explore.setBy).toContainText('thresholds from the link');
  await expect(explore.image.getByRole('spinbutton')).not.toHaveValue('');
});

test('a race can be stopped, and what has finished stays', async ({ page }) => {
  await page.goto('./?data=strokes&train=3000&test=400&backend=wasm&page=compare&epochs=300');
  await page.getByRole('button', { name: 'Race', exact: true }).click();
  await expect(page.locator('.compare-table')).toContainText('E2CM, run here');
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Race', exact: true })).toBeVisible();
  await expect(page.locator('.compare-table')).toContainText('E2CM, run here');
  await expect(page.locator('.compare-table')).not.toContainText('SDN');
});

test('recorded runs are compared before anything is computed', async ({ page }) => {
  await page.goto('./?page=compare');
  const row = page.locator('.compare-table').getByRole('row', { name: /^E2CM, recorded/ });
  await expect(row).toContainText('50,000 images');
  await row.page().getByRole('button', { name: 'at 0.30' }).click();
  await expect(page.locator('.compare-table th.pinned')).toHaveText('at 0.30');
});
