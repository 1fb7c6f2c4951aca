import { expect, test } from './page.ts';

test('Back and Forward go through what was chosen, with its thresholds and selection; a drag is no step', async ({
  page,
  explore,
}) => {
  await page.goto('./?image=12&class=3');
  await expect(explore.setBy).toContainText('chosen by the search');
  await explore.thresholds.first().press('PageUp');
  await expect(page).toHaveURL(/T=/);
  const before = await explore.leaving();
  await explore.select('Method').selectOption('sdn');
  await expect(page).toHaveURL(/method=sdn/);
  await expect(page.getByRole('heading', { name: /internal classifier/ })).toBeVisible();

  await page.goBack();
  await expect(page.getByRole('heading', { name: /nearest class mean/ })).toBeVisible();
  await expect(explore.setBy).toContainText('thresholds from the link');
  expect(await explore.leaving()).toEqual(before);
  await expect(explore.image.getByRole('spinbutton')).toHaveValue('12');
  await expect(explore.select('class')).toHaveValue('3');
  await page.goForward();
  await expect(page.getByRole('heading', { name: /internal classifier/ })).toBeVisible();
  await expect(explore.select('Method')).toHaveValue('sdn');
});

test('a class that a run does not have is said and left out', async ({ page, explore }) => {
  await page.goto('./?class=99');
  await expect(explore.messages).toContainText(
    'There is no class 99 to show alone; this run has 10',
  );
  expect(await explore.shownOnMap()).toBe(10_000);
});

test('many wrong files are counted, all of them can be read, and the browser asks before a training is left', async ({
  page,
  explore,
}) => {
  await page.goto('./?data=strokes&train=6000&test=100&backend=wasm&method=sdn&epochs=1000');
  await expect(explore.progress).toContainText(/^training \d/, { timeout: 90_000 });
  await explore.drop(
    new Map(
      Array.from({ length: 30 }, (_, n) => [`wrong-${n}.gz`, Uint8Array.of(n, 1, 2)] as const),
    ),
  );
  await page.getByRole('button', { name: 'Show all 30 messages' }).click();
  await expect(explore.messages.getByRole('alert')).toHaveCount(30);
  await expect(explore.messages).toContainText('wrong-0.gz');
  await page.getByRole('button', { name: 'Dismiss all 30' }).click();
  await expect(explore.messages.getByRole('alert')).toHaveCount(0);

  const asked: string[] = [];
  page.on('dialog', (dialog) => {
    asked.push(dialog.type());
    void dialog.accept();
  });
  await page.reload();
  expect(asked).toEqual(['beforeunload']);
});
