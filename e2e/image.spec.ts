import { EXITS, expect, test } from './page.ts';

test('an image chosen on the map tells where it leaves and why', async ({ page, explore }) => {
  await explore.open();
  const box = (await explore.map.boundingBox())!;
  await page.mouse.click(box.x + box.width / EXITS / 4, box.y + 10);
  await expect(page).toHaveURL(/image=\d+/);
  const index = Number(new URL(page.url()).searchParams.get('image'));
  await expect(explore.image.getByRole('spinbutton')).toHaveValue(String(index));
  await expect(explore.image.getByText(/^Leaves at conv1 as/)).toBeVisible();
  await expect(explore.image.getByRole('img')).toHaveAccessibleName(
    new RegExp(`^test image ${index}, true class \\d$`),
  );
  await expect(explore.image.getByText(/difficulty 0\.\d\d/)).toBeVisible();
});

test('a typed image shows its distances to every class mean at every exit', async ({
  page,
  explore,
}) => {
  await explore.open();
  await explore.image.getByRole('spinbutton').fill('123');
  await expect(explore.image.getByRole('img')).toHaveAccessibleName(/^test image 123,/);
  await expect(explore.image.locator('.distances .recharts-line')).toHaveCount(10);
  await explore.image.getByText('Every exit and every class mean in numbers').click();
  const rows = explore.image.getByRole('row');
  await expect(rows).toHaveCount(EXITS + 1);
  await expect(rows.first().getByRole('columnheader')).toHaveCount(14);

  // The label and the confidence of the row where it leaves are the sentence's.
  const here = explore.image.getByRole('row', { name: /\(leaves\)/ });
  await expect(here).toHaveCount(1);
  const exit = (await here.getByRole('rowheader').textContent())!.replace(' (leaves)', '');
  const label = await here.getByRole('cell').first().textContent();
  await expect(explore.image.getByText(`Leaves at ${exit} as ${label}`)).toBeVisible();

  await explore.image.getByRole('button', { name: 'Next image' }).click();
  await expect(explore.image.getByRole('spinbutton')).toHaveValue('124');
  await expect(page).toHaveURL(/image=124/);
});

test('the story follows the thresholds', async ({ explore }) => {
  await explore.open();
  await explore.image.getByRole('spinbutton').fill('5');
  await explore.thresholds.first().press('End');
  await expect(explore.image.getByText(/^Leaves at conv1/)).toBeVisible();
  await explore.thresholds.first().press('Home');
  await expect(explore.image.getByText(/^Leaves at conv1/)).toBeHidden();
});
