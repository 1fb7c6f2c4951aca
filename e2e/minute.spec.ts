/** A first minute: five steps on the live page, by keyboard, that can be left and come back. */
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './page.ts';

test('a first minute goes through five steps on the live page, and can be left and called back', async ({
  page,
  explore,
}) => {
  await explore.open();
  const why = page.getByRole('button', { name: /^Why: What .* knows at each exit/ });
  await why.press('Enter');
  await expect(why).toHaveAttribute('aria-expanded', 'true');
  await expect(page.locator('.exits .why')).toContainText('confidence = max_k softmax(−d̂)');
  const { violations: ofWhy } = await new AxeBuilder({ page }).include('.exits .why').analyze();
  expect(ofWhy.map(({ id }) => id)).toEqual([]);
  await why.press('Enter');
  await expect(page.locator('.why')).toHaveCount(0);

  const button = page.getByRole('button', { name: 'A first minute' });
  const minute = page.getByRole('region', { name: 'A first minute' });
  await expect(minute).toBeHidden();
  await button.press('Enter');
  await expect(minute.getByRole('heading')).toBeFocused();
  await minute.getByRole('button', { name: /^The hard one/ }).press('Enter');
  await expect(page).toHaveURL(/image=\d+/);
  await expect(explore.image).toHaveAttribute('data-lit', '');

  const next = minute.getByRole('button', { name: 'Next' });
  await next.press('Enter');
  await expect(minute).toContainText('distances to the class mean');
  await next.press('Enter');
  await expect(minute).toContainText(/leaves at \S+, after \d+/);
  await next.press('Enter');
  await minute.getByRole('button', { name: 'Nobody leaves there' }).press('Enter');
  await expect(explore.setBy).toHaveText(/set by hand/);
  await page.setViewportSize({ width: 390, height: 844 });
  await next.press('Enter');
  await expect(minute.getByRole('link')).toHaveCount(3);
  await expect(minute).toBeInViewport();
  const { violations } = await new AxeBuilder({ page }).include('.minute').analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);

  await page.keyboard.press('Escape');
  await expect(minute).toBeHidden();
  await expect(button).toBeFocused();
  await expect(page.locator('[data-lit]')).toHaveCount(0);
  await button.press('Enter');
  await expect(minute.getByRole('heading')).toContainText('1 of 5');
});
