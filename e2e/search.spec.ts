import { expect, SMALL, test } from './page.ts';

test('curves arrive by themselves, and another search can be chosen', async ({ page, explore }) => {
  await explore.open();
  const choice = page.getByRole('combobox', { name: 'Thresholds by' });
  await expect(choice).toHaveValue('frontier');
  await expect(page.getByText(/^\d+ policies, \d+ undominated, [\d.]+ s$/)).toBeVisible();
  const legend = page.getByRole('figure', { name: /^Accuracy against/ });
  await expect(legend).toContainText('E2CM, frontier search: one policy each');
  await expect(legend).toContainText('paper’s search');

  await choice.selectOption('budgeted-batch');
  await expect(legend).toContainText('E2CM, budgeted batch: one policy each');
  await expect(page).toHaveURL(/curve=budgeted-batch/);
});

test('patience counts repeated labels, and says so', async ({ page, explore }) => {
  await explore.open();
  await page.getByRole('combobox', { name: 'Thresholds by' }).selectOption('patience');
  await expect(page.getByText(/^\d+ policies, \d+ undominated/)).toBeVisible();
  await explore.operatingPoint.focus();
  await explore.operatingPoint.press('Home');
  await expect(page.locator('.threshold-t').first()).toHaveText(/^T \d$/);
  // No label can have repeated at the first exit, whatever t is.
  expect((await explore.leavingCounts())[0]).toBe(0);
  await page.getByRole('combobox', { name: 'Thresholds by' }).selectOption('frontier');
  await expect(page.locator('.threshold-t', { hasText: /^T 0\.1/ }).first()).toBeVisible();
});

test('risk control gives a promise and what it is worth', async ({ page, explore }) => {
  await explore.open();
  await page.getByText('Risk control: a promise instead of a curve').click();
  await page.getByRole('textbox', { name: /^Tolerated share/ }).fill('0.2');
  await page.getByRole('button', { name: 'Certify' }).click();
  await expect(
    page.getByText(
      /Certified for ε = 0\.2, δ = 0\.1: (every exit lets \d+ % go|the policy of the frontier at 0\.\d+ of the FLOPs, by the images that it was found on)\./,
    ),
  ).toBeVisible();
  await expect(page.getByText('thresholds certified by risk control')).toBeVisible();
  await page.getByRole('textbox', { name: /^Tolerated share/ }).fill('0.0001');
  await page.getByRole('button', { name: 'Certify' }).click();
  await expect(page.getByText(/nothing can be certified with \d+ test images/)).toBeVisible();
});

test('training images can be kept out of the means and tune the thresholds', async ({
  page,
  explore,
}) => {
  await explore.open(`${SMALL}&holdout=0.2`);
  await expect(page.getByText('On the held-out images the same thresholds give')).toBeVisible();
  await page.getByRole('combobox', { name: 'split' }).selectOption('holdout');
  await expect(page.getByText('held out of train').first()).toBeAttached();
  expect((await explore.leavingCounts()).reduce((sum, n) => sum + n, 0)).toBe(120);
});
