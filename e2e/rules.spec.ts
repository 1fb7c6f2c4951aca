import { expect, test } from './page.ts';

test('a class that pays for what all save is named beside the numbers', async ({
  page,
  explore,
}) => {
  await page.goto('./');
  await explore.replayed();
  const curve = page.getByRole('region', { name: 'Accuracy and cost' });
  const said = curve.getByText(/ loses [\d.]+ points against the plain network \([\d,]+ images\)/);
  // The dearest policy takes little from anybody, the cheapest much from one.
  await explore.operatingPoint.press('End');
  await expect(said).toHaveCount(0);
  await explore.operatingPoint.press('Home');
  await expect(said).toBeVisible();
  await expect(curve.getByRole('status').filter({ hasText: ' loses ' })).toContainText(
    'the most of any class.',
  );
  const [, name, lost] = /^(.+) loses ([\d.]+) points/.exec((await said.textContent())!)!;

  await curve.getByRole('button', { name: 'Every class' }).click();
  await expect(page.getByText('What it does to each class')).toBeFocused();
  const worst = page.getByRole('group', { name: 'Effects by class' }).getByRole('row').nth(1);
  await expect(worst).toBeInViewport();
  await expect(worst.getByRole('rowheader')).toHaveText(name!);
  await expect(worst.getByRole('cell').first()).toHaveText(`−${lost}`);
});

test('classes have thresholds of their own, and what a policy does to each is shown', async ({
  page,
  explore,
}) => {
  // A search over exits and classes takes a while on a busy machine.
  const searched = async (): Promise<void> => {
    await expect(explore.searched).toHaveText(/undominated, [\d.]+ (s|min \d+ s)$/, {
      timeout: 90_000,
    });
    await explore.replayed();
  };
  await page.goto('./?curve=class-aware');
  await searched();
  const open = page.getByRole('button', { name: 'Thresholds of layer2.1 by class' });
  await open.click();
  const cat = explore.dialog.getByRole('slider', { name: 'Images predicted as cat that leave' });
  const rows = explore.dialog.getByRole('row');
  await expect(rows).toHaveCount(1 + 10);
  const before = Number(await cat.inputValue());
  await cat.press('PageUp');
  await expect(cat).not.toHaveValue(`${before}`);
  await explore.dialog.getByRole('button', { name: 'Close' }).click();
  await expect(open).toBeFocused();

  // The exit's slider moves all its classes: as many leave as it says.
  const slider = explore.thresholds.nth(4);
  await expect(page).toHaveURL(/T=/);
  const address = page.url();
  await slider.press('PageUp');
  const counts = await explore.leavingCounts();
  expect(Number(await slider.inputValue())).toBe(counts[4]);
  await expect(page).not.toHaveURL(address);
  await page.reload();
  await searched();
  await expect(explore.setBy).toHaveText(/thresholds from the link/);
  expect(await explore.leavingCounts()).toEqual(counts);

  // Who pays: the table begins with the class that loses most, and a target may spare them all: more is searched for then
  // than the curve has, whose cheapest stop that does costs 0.549.
  await page.getByText('What it does to each class').click();
  const effects = page.getByRole('group', { name: 'Effects by class' }).getByRole('row');
  await expect(effects).toHaveCount(1 + 10);
  const worst = effects.nth(1).getByRole('cell').first();
  await expect(worst).toHaveText(/^−\d/);
  await page.getByRole('textbox', { name: 'Target cost, relative FLOPs' }).fill('0.53');
  await page.getByRole('textbox', { name: /^The most that a class may lose/ }).fill('2');
  await page.getByRole('button', { name: 'Set thresholds', exact: true }).click();
  await expect(explore.setBy).toHaveText(/thresholds set for a target/);

  // What the confidences are worth, as NumPy finds it on the same trace.
  await page.getByText('How far to trust a confidence').click();
  const trust = page.getByRole('group', { name: 'Confidences by exit' }).getByRole('row');
  await expect(trust).toHaveCount(1 + 10);
  await expect(trust.nth(5)).toContainText('82.5 %0.1170.7080.823');
  await expect(trust.nth(10)).toContainText('85.8 %0.8890.0320.881');
  await trust.nth(5).getByRole('button').click();
  await expect(page.getByRole('img', { name: /^Accuracy by confidence: 0\.1/ })).toBeVisible();

  // What going on has done to images: a filter of the map, and in the link.
  await page.getByText('The room that is left').click();
  await expect(
    page.getByRole('row', { name: /first exit that is right 92\.6 % 0\.302/ }),
  ).toBeVisible();
  // Both rules are on the chart as well, with the same numbers.
  const chart = page.getByRole('figure', { name: /^Accuracy against/ });
  await expect(chart.getByRole('img', { name: /^oracle, / })).toHaveCount(2);
  await expect(chart).toContainText('oracle, first exit that is right: 92.6 % at 0.302');
  const wasted = page.getByRole('button', { name: /could have left$/ });
  const images = (await wasted.textContent())!.replace(/\D/g, '');
  await wasted.click();
  await expect(page).toHaveURL(/show=wasted/);
  await expect(page.getByText(/ images of 10,000 test images/)).toContainText(
    Number(images).toLocaleString('en'),
  );
});
