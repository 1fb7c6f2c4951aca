/** Inference that stops, as a person tries it: a test image, a drawing, a file, a thousand images, and back to Explore. */
import AxeBuilder from '@axe-core/playwright';
import { expect, SMALL, test } from './page.ts';

test('an image drives stage by stage and no further, drawn, given or of the test images', async ({
  page,
  explore,
}) => {
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.method() !== 'GET') asked.push(request.url());
  });
  await page.goto(`./${SMALL}&page=try`);
  const stages = page.getByRole('region', { name: 'Stage by stage' });
  const sentence = stages.getByText(/^Left at .* as/);
  await expect(sentence).toBeVisible({ timeout: 60_000 });
  const cells = stages.locator('.stage');
  await expect(cells).toHaveCount(10);

  // What was not run lies behind where it left, and was not paid for.
  // When the search has ended it is tried again with its thresholds.
  await expect(async () => {
    const ran = await cells.evaluateAll((all) => all.map((cell) => cell.classList.contains('ran')));
    const lit = ran.lastIndexOf(true);
    expect(ran).toEqual(ran.map((_, s) => s <= lit));
    const soon = { timeout: 500 };
    await expect(cells.nth(lit)).toContainText('leaves', soon);
    await expect(stages.getByText(/^max softmax\(−d̂\)/)).toHaveCount(lit < 9 ? 1 : 0, soon);
  }).toPass({ timeout: 30_000 });

  // By keyboard to the end of the curve, where nobody leaves early; Explore has the same thresholds.
  await explore.operatingPoint.press('Home');
  await expect(cells.nth(9)).toContainText('not run');
  const clock = page.getByRole('region', { name: 'Beside the plain network' });
  await expect(clock.getByText(/of stages were not run/)).toBeVisible();

  // A drawing by keyboard: down, a stroke, up.
  await page.getByRole('button', { name: 'Draw', exact: true }).click();
  const pad = page.getByRole('application', { name: /^Draw here/ });
  await pad.press(' ');
  for (let step = 0; step < 5; step++) await pad.press('ArrowDown');
  await pad.press(' ');
  await expect(
    page.getByRole('img', { name: 'What the network sees of the drawing' }),
  ).toBeVisible();
  await expect(page.getByText(/a hand draws otherwise/)).toBeVisible();
  await expect(stages.getByText('Driving …')).toBeHidden();

  // A file; what is no picture is said to be none.
  await page.getByRole('button', { name: 'File or paste' }).click();
  const file = page.locator('input[type="file"][accept="image/*"]');
  await file.setInputFiles({ name: 'note.png', mimeType: 'image/png', buffer: Buffer.from('no') });
  await expect(explore.messages.getByText(/note.png is no picture/)).toBeVisible();
  const svg = await page.locator('.draw-pad, .preview canvas').first().screenshot();
  await file.setInputFiles({ name: 'digit.png', mimeType: 'image/png', buffer: svg });
  await expect(page.getByRole('img', { name: 'What the network sees of the file' })).toBeVisible();

  // No camera here: what it takes is said.
  await page.getByRole('button', { name: 'Camera', exact: true }).click();
  await page.getByRole('button', { name: 'Start the camera' }).click();
  await expect(page.getByRole('alert').filter({ hasText: /camera/i })).toBeVisible();

  await page.getByRole('button', { name: 'Drive the test images' }).click();
  await expect(page.getByText(/400 of them left where the replay of the trace says/)).toBeVisible();

  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);

  const on = await explore.operatingPoint.inputValue();
  await page.getByRole('link', { name: 'Explore' }).click();
  await expect(explore.operatingPoint).toHaveValue(on);
  expect(asked).toEqual([]);
});

test('where the chosen images are not here Try opens on strokes, says so, and leads back', async ({
  page,
  explore,
}) => {
  const said = 'there are no CIFAR-10 images here: Strokes are drawn and computed instead';
  await page.goto('./?page=try');
  await expect(explore.messages).toContainText(said);
  await expect(page).toHaveURL(/data=strokes/);
  await page.getByRole('button', { name: 'Back to CIFAR-10' }).click();
  await expect(explore.recorded).toBeVisible();
  await expect(page).not.toHaveURL(/data=strokes/);

  await page.goto('./?page=try&train=600&test=400&backend=wasm');
  await expect(explore.messages).toContainText(said);
  await expect(page.getByText(/^Left at .* as/)).toBeVisible({ timeout: 60_000 });
});
