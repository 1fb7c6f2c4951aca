import { Explore, expect, test } from './page.ts';

/** Few enough for an adapter that is computed on the CPU. */
const FEW = 'train=24&test=16';

/** Takes the device away from whoever computes on it, at the next thing that is asked of it. */
function destroyDevice(): void {
  const of = GPUDevice.prototype;
  type Make = (
    this: GPUDevice,
    ...given: Parameters<typeof of.createCommandEncoder>
  ) => GPUCommandEncoder;
  const make = Reflect.get(of, 'createCommandEncoder') as Make;
  of.createCommandEncoder = function (...given) {
    this.destroy();
    return make.apply(this, given);
  };
}

test('WebGPU computes what wasm computes, also where its device is destroyed in a run', async ({
  context,
  explore,
}) => {
  test.setTimeout(240_000);
  const wasm = new Explore(await context.newPage());
  await wasm.open(`?data=strokes&backend=wasm&${FEW}`);
  const expected = await wasm.exitAccuracies();
  await wasm.page.close();

  await explore.page.goto(`./?data=strokes&backend=webgpu&${FEW}`);
  const backend = explore.page.getByRole('banner').getByRole('button', { name: /^WebGPU/ });
  await expect(backend).toHaveText('WebGPU · SwiftShader (software, slow)', { timeout: 60_000 });
  await expect(explore.progress).toContainText(/class means/i, { timeout: 60_000 });
  for (const worker of explore.page.workers())
    if (/\/worker-/.test(worker.url())) await worker.evaluate(destroyDevice);
  await expect(explore.messages).toContainText(
    'A compute worker was lost (the GPU took its device away: Device was destroyed); it is started again',
    { timeout: 60_000 },
  );
  await expect(explore.progress).toContainText('done in', { timeout: 180_000 });
  await explore.finished();
  // Its outputs are the golden ones: nothing else was said.
  await expect(explore.messages).not.toContainText('wasm');
  await expect(backend).toBeVisible();
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
