import { EXITS, expect, test } from './page.ts';

test('strokes come alive by themselves, every number with its split', async ({ page, explore }) => {
  await page.goto('./?data=strokes');
  await expect(explore.matrices).toHaveCount(EXITS);
  await explore.finished();

  await expect(page.getByRole('banner').getByRole('button', { name: /^Images/ })).toContainText(
    'Strokes',
  );
  await expect(explore.matrices.first()).toHaveAccessibleName(/of 2,000 test images right$/);
  const colours = await page.locator('.matrix-button canvas').evaluateAll((canvases) =>
    (canvases as HTMLCanvasElement[]).map((canvas) => {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      return new Set(new Uint32Array(data.buffer)).size;
    }),
  );
  expect(colours).toHaveLength(EXITS);
  expect(Math.min(...colours)).toBeGreaterThan(5);

  const accuracies = await explore.exitAccuracies();
  expect(accuracies).toHaveLength(EXITS);
  expect(accuracies[0]).toBeLessThan(accuracies.at(-1)!);
  expect(accuracies.at(-1)).toBeGreaterThan(0.9);

  const leaving = await explore.leaving();
  const total = (key: 'leave' | 'right' | 'wrong'): number =>
    leaving.reduce((sum, row) => sum + row[key], 0);
  expect(total('leave')).toBe(2000);
  expect(total('right') + total('wrong')).toBe(2000);
  expect(leaving.filter(({ leave }) => leave > 0).length).toBeGreaterThan(3);
  const { accuracy, cost } = await explore.numbers();
  // Shown in tenths of a percent.
  expect(Math.abs(accuracy - total('right') / 2000)).toBeLessThan(0.00051);
  expect(cost).toBeGreaterThan(0.05);
  expect(cost).toBeLessThan(0.9);

  const curve = page.getByRole('region', { name: 'Accuracy and cost' });
  await expect(curve).toContainText('test, 2,000 images');
  await expect(page.getByRole('figure', { name: /^Accuracy against/ })).toContainText(
    'plain network',
  );
  const policies = await page.locator('.curve path.policies').getAttribute('d');
  expect(policies!.split('M').length).toBeGreaterThan(10);
  await expect(explore.image.getByText(/^Leaves at/)).toBeVisible();
});

test('harder images leave later', async ({ page, explore }) => {
  await explore.open();
  const counts = await explore.leavingCounts();
  const difficulty = await page.locator('.leaving-table tbody tr td:last-child').allTextContents();
  const known = difficulty
    .map((text, exit) => ({ mean: Number(text), leave: counts[exit]! }))
    .filter(({ leave }) => leave >= 10);
  expect(known.length).toBeGreaterThan(2);
  expect(known[0]!.mean).toBeLessThan(known.at(-1)!.mean);
});

test('without a WebGPU adapter the CPU computes, and the page says so', async ({
  page,
  explore,
}) => {
  await explore.open('?data=strokes&train=200&test=100');
  const backend = page.getByRole('banner').getByRole('button', { name: /wasm ×\d+$/ });
  await expect(backend).toHaveText(/^CPU · wasm ×[1-8]$/);
  await backend.click();
  await expect(page.getByRole('group', { name: 'What computes' })).toContainText(
    'This browser offers no WebGPU adapter.',
  );
});

test('WebGPU that is asked for and absent is refused with a sentence, and wasm can be chosen', async ({
  page,
  explore,
}) => {
  await page.goto('./?data=strokes&train=200&test=100&backend=webgpu');
  await expect(page.getByRole('alert')).toContainText('WebGPU adapter');
  await expect(explore.progress).toContainText('Did not run');
  await explore.openMenu('no backend yet');
  await page.getByRole('radio', { name: /wasm/ }).check();
  await explore.finished();
});
