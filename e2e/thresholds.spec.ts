import { expect, SMALL_TEST, test, type Explore } from './page.ts';

const sum = (values: readonly number[]): number => values.reduce((total, n) => total + n, 0);

test('dragging a slider moves images between exits, and every number follows', async ({
  page,
  explore,
}) => {
  await explore.open();
  const before = await explore.leavingCounts();
  const costBefore = (await explore.numbers()).cost;
  const slider = explore.thresholds.nth(1);
  const box = (await slider.boundingBox())!;
  const y = box.y + box.height / 2;
  const arriving = SMALL_TEST - before[0]!;
  await page.mouse.move(box.x + (box.width * before[1]!) / arriving, y);
  await page.mouse.down();
  await page.mouse.move(box.x + 3, y, { steps: 12 });
  await page.mouse.up();

  const after = await explore.leavingCounts();
  expect(after[0]).toBe(before[0]);
  expect(after[1]).toBeLessThan(before[1]!);
  expect(sum(after)).toBe(SMALL_TEST);
  expect(sum(after.slice(2))).toBe(SMALL_TEST - after[0]! - after[1]!);
  expect((await explore.numbers()).cost).toBeGreaterThan(costBefore);
  await expect(slider).toHaveValue(String(after[1]));
  await expect(explore.thresholds.nth(2)).toHaveAttribute('max', String(sum(after.slice(2))));
  await expect(explore.setBy).toContainText('thresholds set by hand');
  await expect(page).toHaveURL(/[?&]T=/);

  await page.getByRole('button', { name: 'reset thresholds' }).click();
  expect(await explore.leavingCounts()).toEqual(before);
  await expect(page).not.toHaveURL(/[?&]T=/);
});

test('arrow and page keys move a slider by images', async ({ explore }) => {
  await explore.open();
  const slider = explore.thresholds.first();
  const before = (await explore.leavingCounts())[0]!;
  await slider.focus();
  await slider.press('ArrowLeft');
  const less = (await explore.leavingCounts())[0]!;
  expect(less).toBeLessThan(before);
  await slider.press('PageUp');
  expect((await explore.leavingCounts())[0]).toBeGreaterThan(less);
  await slider.press('End');
  expect(await explore.leavingCounts()).toEqual([SMALL_TEST, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  await expect(slider).toHaveAttribute('aria-valuetext', /400 of 400 arriving images leave/);
  await expect(explore.thresholds.nth(1)).toBeDisabled();
  await slider.press('Home');
  expect((await explore.leavingCounts())[0]).toBe(0);
  await expect(explore.thresholds.nth(1)).toBeEnabled();
});

async function typeShare(explore: Explore, exit: number, text: string): Promise<void> {
  const field = explore.page.getByRole('textbox', { name: /^Share of arriving images/ }).nth(exit);
  await field.fill(text);
  await field.press('Enter');
}

test('a share can be typed', async ({ explore }) => {
  await explore.open();
  await typeShare(explore, 0, '25');
  expect((await explore.leavingCounts())[0]).toBe(100);
  await typeShare(explore, 1, '50 %');
  expect((await explore.leavingCounts())[1]).toBe(150);
  const before = await explore.leavingCounts();
  await typeShare(explore, 1, 'many');
  await typeShare(explore, 1, '120');
  expect(await explore.leavingCounts()).toEqual(before);
});

test('with every exit closed the policy is the plain network and what the exits cost', async ({
  page,
  explore,
}) => {
  await explore.open();
  for (let exit = 0; exit < 9; exit++) await typeShare(explore, exit, '0');
  const counts = await explore.leavingCounts();
  expect(counts).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, SMALL_TEST]);
  await expect(page.locator('.threshold-t').first()).toHaveText('T closed');
  const { accuracy } = await explore.numbers();
  expect(accuracy).toBe((await explore.exitAccuracies()).at(-1));

  // A value of T can be typed as well: for all exits, or for one.
  await page.getByRole('button', { name: 'one T for all exits: type it' }).click();
  await page.getByRole('textbox', { name: 'one T for all exits: type it' }).fill('open');
  await page.keyboard.press('Enter');
  expect((await explore.leavingCounts())[0]).toBe(SMALL_TEST);
  await page.getByRole('button', { name: /^T open at conv1/ }).click();
  await page.getByRole('textbox', { name: /^T open at conv1/ }).fill('lots');
  await page.keyboard.press('Enter');
  await expect(explore.messages).toContainText('“lots” came. Nothing was changed.');
  await page.getByRole('button', { name: /^T open at conv1/ }).click();
  await page.getByRole('textbox', { name: /^T open at conv1/ }).fill('0.99');
  await page.keyboard.press('Enter');
  expect((await explore.leavingCounts()).slice(0, 2)).toEqual([0, SMALL_TEST]);
});
