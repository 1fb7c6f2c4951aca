import { Explore, expect, test } from './page.ts';

/** Few enough for an adapter that is computed on the CPU. */
const FEW = 'train=24&test=16';

test('WebGPU computes what wasm computes', async ({ context, explore }) => {
  test.setTimeout(240_000);
  const wasm = new Explore(await context.newPage());
  await wasm.open(`?data=strokes&backend=wasm&${FEW}`);
  const expected = await wasm.exitAccuracies();
  await wasm.page.close();

  await explore.page.goto(`./?data=strokes&backend=webgpu&${FEW}`);
  const backend = explore.page.getByRole('banner').getByRole('button', { name: /^WebGPU/ });
  await expect(backend).toHaveText('WebGPU · SwiftShader (software, slow)', { timeout: 60_000 });
  await expect(explore.progress).toContainText('done in', { timeout: 180_000 });
  await explore.finished();
  await expect(explore.matrices.first()).toHaveAccessibleName(/of 16 test images right$/);
  const found = await explore.exitAccuracies();
  expect(found).toHaveLength(expected.length);
  // One of 16 images may lie so near to two class means that rounding decides.
  found.forEach((accuracy, exit) =>
    expect(Math.abs(accuracy - expected[exit]!)).toBeLessThanOrEqual(1 / 16 + 0.001),
  );
});

test('left to itself the page prefers wasm to a software GPU, and says why', async ({
  explore,
}) => {
  await explore.open('?data=strokes&train=100&test=50');
  await explore.openMenu(/^CPU · wasm/);
  await expect(explore.page.getByRole('group', { name: 'What computes' })).toContainText(
    'The only WebGPU adapter is software (SwiftShader), which is slower than wasm.',
  );
});

test('WebGPU trains a clustering as wasm does', async ({ context, explore }) => {
  test.setTimeout(240_000);
  const few =
    '?page=unsupervised&c-data=strokes&c-start=fresh&c-from=live&c-train=48&c-test=16' +
    '&c-epochs=1&c-steps=2&c-interval=1&c-batch=32';
  const wasm = new Explore(await context.newPage());
  await wasm.open(`${few}&backend=wasm`);
  const expected = await wasm.exitAccuracies();
  await wasm.page.close();

  await explore.page.goto(`./${few}&backend=webgpu`);
  await expect(explore.progress).toContainText('done in', { timeout: 200_000 });
  await expect(explore.page.getByRole('button', { name: /^WebGPU · SwiftShader/ })).toBeVisible();
  const found = await explore.exitAccuracies();
  expect(found).toHaveLength(3);
  found.forEach((accuracy, exit) =>
    expect(Math.abs(accuracy - expected[exit]!)).toBeLessThanOrEqual(2 / 16 + 0.001),
  );
});
