/**
 * `npm run bench:memory`: what stays behind in the production build, as ratios of what is held at the end to what was held after a
 * tenth: over 100 runs, over 3,600 positions of a dragged slider (one a second for an hour) and over 50 changes of page. Heap
 * and nodes of the page after a collection, its workers and their locks, and the tensors that compute workers hold. Fails where
 * heap or nodes grow by more than a tenth, or anything else at all. What V8 has compiled of the page's code is printed beside
 * them and not held: it grows with what a function is used, and is thrown away where memory is short.
 *   npm run bench:memory -- 0.1         a tenth of all that
 *   npm run bench:memory -- 1 drags     one of them alone: runs, drags or pages
 */
import { availableParallelism, cpus, loadavg } from 'node:os';
import type { CDPSession, Page, Worker } from '@playwright/test';
import { heapSizes } from './heap.ts';
import { launch, serve } from '../scripts/serve.ts';

const MOST_GROWTH = 1.1;
/** Of what is not named here nothing may grow. */
const MOST: Readonly<Record<string, number>> = {
  heap: MOST_GROWTH,
  nodes: MOST_GROWTH,
  code: Infinity,
};
const WAIT = { timeout: 300_000 };
const [share = '1', only] = process.argv.slice(2);

/** Run in a compute worker: asks it, as the page does, what its tensors are. Text, as the loader would change a function. */
const TENSORS_HERE = `new Promise((resolve) => {
  const own = self.postMessage;
  const post = own.bind(self);
  self.postMessage = (answer, moved) => {
    if (answer.id !== -1) return post(answer, moved);
    self.postMessage = own;
    resolve(answer.value?.tensors ?? 0);
  };
  const data = { id: -1, type: 'memory', request: {} };
  self.dispatchEvent(new MessageEvent('message', { data }));
})`;

const isCompute = (worker: Worker): boolean => /\/worker-/.test(worker.url());

async function held(page: Page, session: CDPSession): Promise<Record<string, number>> {
  const { heap, code } = await heapSizes(session);
  const { nodes } = await session.send('Memory.getDOMCounters');
  const locks = await page.evaluate(async () => {
    const { held = [], pending = [] } = await navigator.locks.query();
    return held.length + pending.length;
  });
  const computing = page.workers().filter(isCompute);
  const tensors = await Promise.all(
    computing.map((worker) => worker.evaluate<number>(TENSORS_HERE)),
  );
  return {
    heap,
    code,
    nodes,
    workers: page.workers().length,
    locks,
    tensors: tensors.reduce((sum, count) => sum + count, 0),
  };
}

interface Use {
  readonly name: string;
  readonly what: string;
  readonly times: number;
  readonly query: string;
  readonly once: (page: Page, n: number) => Promise<unknown>;
}

const done = (page: Page): Promise<void> =>
  page
    .getByRole('status')
    .getByText(/done in/)
    .waitFor(WAIT);
const searched = (page: Page): Promise<void> =>
  page.getByText(/undominated, [\d.]+ (s|min \d+ s)$/).waitFor(WAIT);

const USES: readonly Use[] = [
  {
    name: 'runs',
    what: 'runs of strokes with their searches, each with another seed',
    times: 100,
    query: 'data=strokes&train=60&test=40&backend=wasm',
    once: async (page, n) => {
      await page.getByRole('banner').getByRole('button', { name: 'Options' }).click();
      await page.getByLabel(/^Seed/).fill(String(100 + n));
      await page.getByRole('button', { name: 'Run with these' }).click();
      await page.waitForURL(new RegExp(`seed=${100 + n}`));
      await page.keyboard.press('Escape');
      await done(page);
      await searched(page);
    },
  },
  {
    name: 'drags',
    what: 'drags through 100 positions of a slider over 1,000 test images',
    times: 36,
    query: 'data=strokes&train=600&test=1000&backend=wasm',
    once: async (page, n) => {
      const slider = page.getByRole('slider', { name: /^Images that leave at/ }).nth(n % 6);
      const { x, y, width, height } = (await slider.boundingBox())!;
      await page.mouse.move(x + 8, y + height / 2);
      await page.mouse.down();
      for (const end of [x + width - 8, x + 8])
        await page.mouse.move(end, y + height / 2, { steps: 50 });
      await page.mouse.up();
    },
  },
  {
    name: 'pages',
    what: 'changes of page',
    times: 50,
    query: 'data=strokes&train=60&test=40&backend=wasm',
    once: async (page, n) => {
      const links = page.getByRole('navigation').getByRole('link');
      const link = links.nth(n % (await links.count()));
      await link.click();
      await page.waitForTimeout(200);
    },
  },
];

const served = await serve();
const browser = await launch();
try {
  console.log(
    `${availableParallelism()} cores (${cpus()[0]?.model ?? 'unknown'}), load before ${loadavg()[0]!.toFixed(1)}; ` +
      `most growth ${MOST_GROWTH}`,
  );
  for (const { name, what, times, query, once } of USES) {
    if (only !== undefined && name !== only) continue;
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const session = await page.context().newCDPSession(page);
    await page.goto(`${served.url}?${query}`);
    await done(page);
    await searched(page);
    const links = await page.getByRole('navigation').getByRole('link').count();
    const rounds = Math.round((times * Number(share)) / links);
    // Whole rounds of the pages, so that both ends look at the same one; two that bring all code and fill what is kept.
    const tenth = links * Math.max(2, Math.ceil(rounds / 10));
    const end = links * Math.max(4, rounds);
    let before: Record<string, number> = {};
    for (let n = 0; n < end; n++) {
      await once(page, n);
      if (n + 1 === tenth) before = await held(page, session);
    }
    const after = await held(page, session);
    console.log(`${name}: ${end} × ${what}`);
    for (const [kind, now] of Object.entries(after)) {
      const ratio = now === before[kind] ? 1 : now / before[kind]!;
      const most = MOST[kind] ?? 1;
      const isBytes = kind === 'heap' || kind === 'code';
      const size = isBytes ? `${(now / 2 ** 20).toFixed(1)} MiB` : String(now);
      const verdict = most === Infinity ? 'not held' : ratio > most ? 'grows' : 'flat';
      console.log(`  ${kind.padEnd(8)} ${ratio.toFixed(3)}   ${size.padStart(9)}   ${verdict}`);
      if (ratio > most) process.exitCode = 1;
    }
    await page.close();
  }
} finally {
  await browser.close();
  await served.close();
}
