import { expect, SMALL_TEST, test } from './page.ts';

test('a cell of a confusion matrix filters the map to its images, until its chip is removed', async ({
  page,
  explore,
}) => {
  await explore.open();
  await explore.matrices.first().click();
  await expect(explore.dialog).toContainText('Confusion at conv1');
  const cells = explore.dialog.getByRole('button', { name: /images of \d taken for \d$/ });
  await expect(cells).toHaveCount(100);
  const names = await cells.evaluateAll((found) =>
    found.map((cell) => cell.getAttribute('aria-label')!),
  );
  const counts = names.map((name) => ({ name, n: Number(name.split(' ')[0]) }));
  expect(counts.reduce((sum, { n }) => sum + n, 0)).toBe(SMALL_TEST);
  const worst = counts
    .filter(({ name }) => !/of (\d) taken for \1$/.test(name))
    .sort((a, b) => b.n - a.n)[0]!;
  expect(worst.n).toBeGreaterThan(0);

  await explore.dialog.getByRole('button', { name: worst.name, exact: true }).click();
  await expect(explore.dialog).toBeHidden();
  expect(await explore.shownOnMap()).toBe(worst.n);
  await expect(page).toHaveURL(/cell=0\.\d\.\d/);
  const [truth, predicted] = worst.name.match(/\d(?= taken)|\d$/g)!;
  const chip = page.getByRole('button', {
    name: `${truth} taken for ${predicted} at conv1`,
  });
  await chip.click();
  expect(await explore.shownOnMap()).toBe(SMALL_TEST);
  await expect(page).not.toHaveURL(/cell=/);
});

test('the map filters by class and by right and wrong, as the table counts them', async ({
  explore,
}) => {
  await explore.open();
  const wrong = (await explore.leaving()).reduce((sum, row) => sum + row.wrong, 0);
  await explore.select('show').selectOption('wrong');
  expect(await explore.shownOnMap()).toBe(wrong);
  await explore.select('show').selectOption('right');
  expect(await explore.shownOnMap()).toBe(SMALL_TEST - wrong);
  await explore.select('show').selectOption('all');
  const perClass: number[] = [];
  for (let truth = 0; truth < 10; truth++) {
    await explore.select('class').selectOption(String(truth));
    perClass.push(await explore.shownOnMap());
  }
  expect(perClass.reduce((sum, n) => sum + n, 0)).toBe(SMALL_TEST);
});

test('matrices count all images, those that arrive, or those that leave', async ({
  page,
  explore,
}) => {
  await explore.open();
  const leaving = await explore.leavingCounts();
  const shown = async (exit: number): Promise<number> => {
    await explore.matrices.nth(exit).click();
    const cells = explore.dialog.getByRole('button', { name: /images of \d taken for \d$/ });
    await expect(cells).toHaveCount(100);
    const names = await cells.evaluateAll((cells) =>
      cells.map((cell) => cell.getAttribute('aria-label')!),
    );
    await page.keyboard.press('Escape');
    await expect(explore.dialog).toBeHidden();
    return names.reduce((sum, name) => sum + Number(name.split(' ')[0]), 0);
  };
  await explore.select('count').selectOption('leaving');
  expect(await shown(1)).toBe(leaving[1]);
  await explore.select('count').selectOption('arriving');
  expect(await shown(1)).toBe(SMALL_TEST - leaving[0]!);
});
