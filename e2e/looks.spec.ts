import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Explore } from './page.ts';

/** Violations that keep somebody from using the page, as one line each. */
async function barriers({ page }: Explore): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary}`),
    );
}

for (const theme of ['light', 'dark'] as const) {
  test(`nothing bars the way in ${theme}: page, dialog, menus, tables, messages`, async ({
    page,
    explore,
  }) => {
    await explore.open(`?data=strokes&train=300&test=200&backend=wasm&theme=${theme}&seed=x`);
    await page.getByText('The same in numbers').click();
    await page.getByText('Every exit and every class mean in numbers').click();
    await explore.thresholds.nth(4).press('End');
    expect(await barriers(explore)).toEqual([]);
    for (const menu of [/^Images/, 'Options', /wasm/, 'Export']) {
      await explore.openMenu(menu);
      expect(await barriers(explore)).toEqual([]);
      await page.keyboard.press('Escape');
    }
    await explore.matrices.nth(2).click();
    expect(await barriers(explore)).toEqual([]);
  });
}

test('the theme follows the system until a person chooses one', async ({ page, explore }) => {
  const html = page.locator('html');
  await page.emulateMedia({ colorScheme: 'dark' });
  await explore.open('?data=strokes&train=200&test=100&backend=wasm');
  await expect(html).toHaveAttribute('data-theme', 'dark');
  const paper = (): Promise<string> =>
    page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await paper();
  await page.emulateMedia({ colorScheme: 'light' });
  await expect(html).toHaveAttribute('data-theme', 'light');
  expect(await paper()).not.toBe(dark);
  await page.getByRole('button', { name: 'Switch to dark' }).click();
  await expect(html).toHaveAttribute('data-theme', 'dark');
  expect(await paper()).toBe(dark);
  await expect(page).toHaveURL(/theme=dark/);
  await page.getByRole('button', { name: 'Switch to light' }).click();
  await expect(html).toHaveAttribute('data-theme', 'light');
});

test('on a narrow screen nothing is wider than the screen', async ({ page, explore }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await explore.open('?data=strokes&train=200&test=100&backend=wasm');
  const overflow = (): Promise<number> =>
    page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  await expect.poll(overflow).toBeLessThanOrEqual(0);
  for (const menu of [/^Images/, 'Options', /wasm/, 'Export']) {
    await explore.openMenu(menu);
    const box = (await page.locator('.popover').boundingBox())!;
    expect(box.x).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width).toBeLessThanOrEqual(390);
    await expect.poll(overflow).toBeLessThanOrEqual(0);
    await page.keyboard.press('Escape');
  }
  await explore.matrices.first().click();
  const dialog = (await explore.dialog.boundingBox())!;
  expect(dialog.width).toBeLessThanOrEqual(390);
  await page.keyboard.press('Escape');
  await page.getByText('The same in numbers').click();
  await page.getByText('Every exit and every class mean in numbers').click();
  await expect.poll(overflow).toBeLessThanOrEqual(0);

  // The first exit's slider and the last exit's matrix can both be used.
  await explore.thresholds.first().press('PageUp');
  await explore.matrices.last().click();
  await expect(explore.dialog).toContainText('Confusion at classifier');
});

test('the whole page can be used by keyboard', async ({ page, explore }) => {
  await explore.open();
  const reach = async (what: string): Promise<void> => {
    for (let presses = 0; presses < 60; presses++) {
      const name = await page.evaluate(() => {
        const { activeElement } = document;
        return activeElement?.getAttribute('aria-label') ?? activeElement?.textContent ?? '';
      });
      if (name.startsWith(what)) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`60 presses of Tab do not reach “${what}”.`);
  };
  await reach('Options');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Run with these' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Run with these' })).toBeHidden();
  await expect(page.getByRole('button', { name: 'Options' })).toBeFocused();

  await reach('Run');
  await page.keyboard.press('Enter');
  await expect(explore.stopButton).toBeFocused();
  await explore.finished();

  await reach('Enlarge the confusion matrix at conv1');
  await page.keyboard.press('Enter');
  await expect(explore.dialog).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(explore.dialog).toBeHidden();
  await expect(explore.matrices.first()).toBeFocused();

  await reach('Images that leave at conv1');
  const before = (await explore.leavingCounts())[0]!;
  await page.keyboard.press('PageUp');
  expect((await explore.leavingCounts())[0]).toBeGreaterThan(before);
});
