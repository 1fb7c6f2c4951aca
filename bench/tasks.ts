/**
 * `npm run bench:tasks`: the longest tasks of the page's thread while a recorded run of 10,000 test images opens, while it is
 * searched, while a live run computes and while methods race, in the production build. The median of several rounds, each in
 * a new page, beside 100 ms, from which on a person feels that a page hangs. What counts is the time that the processor gave a
 * task, which others on the machine hardly change; the time by the clock stands behind it. Fails where one is above 100 ms.
 *   npm run bench:tasks -- 7          so many rounds; 5 by default
 *   npm run bench:tasks -- 3 search   one of them alone: open, search, run or race
 */
import { availableParallelism, cpus, loadavg } from 'node:os';
import type { Browser, Page } from '@playwright/test';
import { launch, serve } from '../scripts/serve.ts';
import { TASKS, tasksOf, type Task } from './thread.ts';

/** Milliseconds. */
const FELT = 100;
const WAIT = { timeout: 300_000 };

interface Work {
  readonly name: string;
  readonly what: string;
  readonly query: string;
  /** What is waited for before anything is counted; the page's own start counts without it. */
  readonly ready?: (page: Page) => Promise<unknown>;
  readonly work: (page: Page) => Promise<unknown>;
}

const status = (page: Page, words: RegExp): Promise<void> =>
  page.getByRole('status').getByText(words).first().waitFor(WAIT);
const searched = (page: Page): Promise<void> =>
  page.getByText(/undominated, [\d.]+ (s|min \d+ s)$/).waitFor(WAIT);

const RECORDED = 'data=cifar-10&network=resnet18-cifar10';
const WORKS: readonly Work[] = [
  {
    name: 'open',
    what: 'a recorded run of 10,000 images opens, page and all',
    query: RECORDED,
    work: (page) => status(page, /recorded run/),
  },
  {
    name: 'search',
    what: 'its thresholds are searched, by three rules',
    query: RECORDED,
    ready: (page) => status(page, /recorded run/),
    work: async (page) => {
      await searched(page);
      for (const rule of ['paper', 'frontier', 'by-class']) {
        const list = page.getByRole('combobox', { name: 'Thresholds by' });
        const values = await list
          .locator('option')
          .evaluateAll((all) => all.map((one) => (one as HTMLOptionElement).value));
        if (!values.includes(rule)) continue;
        await list.selectOption(rule);
        await searched(page);
      }
    },
  },
  {
    name: 'run',
    what: 'a live run on strokes, with its searches',
    query: 'data=strokes&train=2000&test=1000&backend=wasm',
    ready: (page) => status(page, /class means|tracing/i),
    work: async (page) => {
      await status(page, /done in/);
      await searched(page);
    },
  },
  {
    name: 'race',
    what: 'E2CM, SDN and BWDS race on strokes',
    query: 'data=strokes&train=1000&test=500&backend=wasm&page=compare&epochs=1&race=e2cm_sdn_bwds',
    ready: (page) => page.getByRole('button', { name: 'Race', exact: true }).click(WAIT),
    work: async (page) => {
      await page.getByRole('button', { name: 'Stop', exact: true }).waitFor(WAIT);
      await page.getByRole('button', { name: 'Race', exact: true }).waitFor(WAIT);
    },
  },
];

/** The tasks of one round, the longest first. */
async function round(browser: Browser, url: string, { query, ready, work }: Work): Promise<Task[]> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  try {
    const begin = () => browser.startTracing(page, { categories: [TASKS] });
    if (!ready) await begin();
    await page.goto(`${url}?${query}`);
    await ready?.(page);
    if (ready) await begin();
    await work(page);
    await page.waitForTimeout(500);
    return tasksOf(await browser.stopTracing());
  } finally {
    await page.close();
  }
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

const [rounds = '5', only] = process.argv.slice(2);
const served = await serve();
const browser = await launch();
try {
  console.log(
    `${availableParallelism()} cores (${cpus()[0]?.model ?? 'unknown'}), load before ${loadavg()[0]!.toFixed(1)}; ` +
      `median of ${rounds} rounds beside ${FELT} ms`,
  );
  for (const one of WORKS.filter(({ name }) => only === undefined || name === only)) {
    const all: Task[][] = [];
    for (let n = 0; n < Number(rounds); n++) all.push(await round(browser, served.url, one));
    const longest = median(all.map(([most]) => most?.spent ?? 0));
    const over = median(all.map((tasks) => tasks.filter(({ spent }) => spent > FELT).length));
    const lasted = median(all.map((tasks) => Math.max(...tasks.map((task) => task.lasted))));
    console.log(
      `${one.name.padEnd(7)} ${(longest / FELT).toFixed(2)} × ${FELT} ms, ${over} above it   ` +
        `(${all.map(([most]) => (most?.spent ?? 0).toFixed(0)).join(', ')}; by the clock ${lasted.toFixed(0)})   ${one.what}`,
    );
    if (longest > FELT) process.exitCode = 1;
  }
} finally {
  await browser.close();
  await served.close();
}
