/** What the built page costs in a browser, as ratios to plain sums on the same thread of it: processor time, so no matter how busy the machine. */
import type { CDPSession, Page } from '@playwright/test';
import { launch, serve } from '../scripts/serve.ts';

const VISITS = 3;
const POSITIONS = 40;
const WAIT = { timeout: 120_000 };

/** Twenty million products and sums. Text, as the loader would change a function. */
const PLAIN_SUMS = `(() => {
  const numbers = Float64Array.from({ length: 4096 }, (_, i) => Math.sin(i));
  let sum = 0;
  for (let round = 0; round < 5000; round++)
    for (let i = 0; i < numbers.length; i++) sum += numbers[i] * numbers[(i * 7) & 4095];
  return sum;
})()`;

/** Milliseconds that the processor has given the page's thread so far. */
async function spent(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return 1000 * metrics.find(({ name }) => name === 'TaskDuration')!.value;
}

async function during(session: CDPSession, work: () => Promise<unknown>): Promise<number> {
  const before = await spent(session);
  await work();
  return (await spent(session)) - before;
}

const framed = (page: Page): Promise<unknown> =>
  page.evaluate('new Promise((done) => requestAnimationFrame(() => setTimeout(done)))');

/** A recorded run of 10,000 images comes to a newcomer. */
async function visit(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page
    .getByRole('status')
    .getByText(/recorded run/)
    .waitFor(WAIT);
  await framed(page);
}

/** A slider is moved through some positions, each drawn before the next. */
async function drag(page: Page): Promise<void> {
  for (let position = 0; position < POSITIONS; position++) {
    await page.keyboard.press(position % 20 < 10 ? 'PageDown' : 'PageUp');
    await framed(page);
  }
}

/** First visit, and one position of a slider; each the best of some rounds in turn with plain sums. */
export async function pageRatios(): Promise<{ readonly visit: number; readonly drag: number }> {
  const served = await serve();
  const browser = await launch();
  const least = { visit: Infinity, drag: Infinity, sums: Infinity };
  const take = (name: keyof typeof least, ms: number): unknown =>
    (least[name] = Math.min(least[name], ms));
  try {
    for (let round = 0; round < VISITS; round++) {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
      const page = await context.newPage();
      const session = await context.newCDPSession(page);
      await session.send('Performance.enable', { timeDomain: 'threadTicks' });
      // A page of the same server, so that its process, and the count of its time, goes on.
      await page.goto(`${served.url}favicon.svg`);
      take('sums', await during(session, () => page.evaluate(PLAIN_SUMS)));
      take('visit', await during(session, () => visit(page, served.url)));
      await page.getByText(/undominated, [\d.]+ (s|min \d+ s)$/).waitFor(WAIT);
      await page
        .getByRole('slider', { name: /^Images that leave at/ })
        .nth(3)
        .focus();
      take('drag', (await during(session, () => drag(page))) / POSITIONS);
      take('sums', await during(session, () => page.evaluate(PLAIN_SUMS)));
      await context.close();
    }
  } finally {
    await browser.close();
    await served.close();
  }
  return { visit: least.visit / least.sums, drag: least.drag / least.sums };
}
