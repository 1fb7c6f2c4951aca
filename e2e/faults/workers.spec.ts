import type { Page, Worker } from '@playwright/test';
import { EXITS, expect, test, type Explore } from '../page.ts';

/** Ends workers as a browser does that needs their memory: without a word to the page. */
async function end(page: Page, which: RegExp, most = Infinity): Promise<number> {
  const found = page.workers().filter((worker) => which.test(worker.url()));
  const ended = found.slice(0, most);
  // Whoever computes hears it when its batch is over.
  await Promise.all(ended.map((worker: Worker) => worker.evaluate(() => self.close())));
  return ended.length;
}

/** Computed; the searches of its thresholds may go on. */
const computed = ({ progress }: Explore): Promise<void> =>
  expect(progress).toContainText('done in', { timeout: 90_000 });

const COMPUTE = /\/worker-.*\.js/;

test('workers that the browser ends without a word are started again, and what was lost is computed again', async ({
  page,
  explore,
}) => {
  // In the middle of a run: every compute worker at once.
  await page.goto('./?data=strokes&train=3000&test=400&backend=wasm');
  await expect(explore.progress).toContainText(/class means|tracing/i, { timeout: 60_000 });
  expect(await end(page, COMPUTE)).toBeGreaterThan(1);
  await computed(explore);
  await expect(explore.messages).toContainText('A compute worker was lost (the browser ended it)');
  await expect(explore.matrices).toHaveCount(EXITS);
  // Between two runs.
  await page.getByRole('button', { name: 'Dismiss this message' }).first().click();
  await end(page, COMPUTE);
  await explore.openMenu('Options');
  await page.getByLabel(/^Seed/).fill('11');
  await page.getByRole('button', { name: 'Run with these' }).click();
  await computed(explore);
  // One image needs the network: its worker is gone again.
  await end(page, COMPUTE);
  await explore.image.getByRole('spinbutton').fill('9');
  await expect(explore.image.locator('.distances')).toBeVisible();
});

test('a clustering whose worker is ended goes on where it was', async ({ page, explore }) => {
  const asked = '&c-data=strokes&c-start=fresh&c-from=live&c-train=200&c-test=100';
  await page.goto(
    `./?page=unsupervised&backend=wasm${asked}&c-epochs=2&c-steps=40&c-interval=5&c-batch=50`,
  );
  await expect(page.getByRole('heading', { name: 'Clusters as they form' })).toBeVisible({
    timeout: 60_000,
  });
  expect(await end(page, COMPUTE)).toBeGreaterThan(0);
  await expect(explore.messages).toContainText('(the browser ended it). Close other pages');
  await explore.messages.getByRole('button', { name: 'Try again' }).click();
  await expect(explore.progress).toContainText('done in', { timeout: 100_000 });
  await expect(explore.matrices).toHaveCount(3);
});

test('memory, workers and locks stay as they are over many runs and changes of page', async ({
  page,
  context,
  explore,
}) => {
  const session = await context.newCDPSession(page);
  const counted = async () => {
    await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    const locks = await page.evaluate(async () => {
      const { held = [], pending = [] } = await navigator.locks.query();
      return held.length + pending.length;
    });
    return { workers: page.workers().length, locks, heap: usedSize };
  };
  await page.goto('./?data=strokes&train=60&test=40&backend=wasm');
  await computed(explore);
  const rounds = async (many: number, from: number): Promise<void> => {
    for (let round = 0; round < many; round++) {
      await explore.openMenu('Options');
      await page.getByLabel(/^Seed/).fill(String(from + round));
      await page.getByRole('button', { name: 'Run with these' }).click();
      await expect(page).toHaveURL(new RegExp(`seed=${from + round}`));
      await expect(explore.progress).toContainText('done in');
      for (const name of ['Paper', 'Compare', 'Explore'])
        await page.getByRole('link', { name, exact: true }).click();
    }
  };
  const settled = async (): ReturnType<typeof counted> => {
    await explore.finished();
    // Every worker holds a lock, and the page waits for it to be let go.
    await expect
      .poll(async () => {
        const { workers, locks } = await counted();
        return locks - 2 * workers;
      })
      .toBe(0);
    return counted();
  };
  await rounds(2, 10);
  const before = await settled();
  await rounds(5, 20);
  const after = await settled();
  expect(after.workers).toBe(before.workers);
  expect(after.heap / before.heap).toBeLessThan(1.3);
});
