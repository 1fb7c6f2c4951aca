/**
 * `npm run bench:drag`: a slider dragged through 60 positions over 10,000 test images of strokes × 10 exits, in the
 * production build. From the input event to the mark that the page sets when its last view, the map, is drawn.
 * Baseline: one frame at 60 Hz.
 */
import { availableParallelism, cpus, loadavg } from 'node:os';
import type { Page } from '@playwright/test';
import { launch, serve } from '../scripts/serve.ts';

/** Milliseconds. */
const FRAME = 1000 / 60;
const POSITIONS = 60;
const IMAGES = 'train=2000&test=10000';

/** Notes every input event of a slider and the next drawn map: pairs of times on the page's own clock. */
function watch(): void {
  const drags: number[] = [];
  Object.assign(window, { offrampDrags: drags });
  let pressed = 0;
  document.addEventListener(
    'input',
    (event) => {
      if ((event.target as HTMLInputElement).type !== 'range') return;
      pressed = performance.now();
      performance.mark('drag:input');
    },
    { capture: true },
  );
  new PerformanceObserver((list) => {
    for (const mark of list.getEntriesByName('offramp:map-drawn')) {
      if (pressed === 0 || mark.startTime < pressed) continue;
      drags.push(performance.measure('drag', { start: pressed, end: mark.startTime }).duration);
      pressed = 0;
    }
  }).observe({ entryTypes: ['mark'] });
}

async function drag(page: Page, exit: number): Promise<number[]> {
  const drags = (): Promise<number> =>
    page.evaluate(() => (window as unknown as { offrampDrags: number[] }).offrampDrags.length);
  const slider = page.getByRole('slider', { name: /^Images that leave at/ }).nth(exit);
  const box = (await slider.boundingBox())!;
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + 8, y);
  await page.mouse.down();
  const before = await drags();
  for (let position = 1; position <= POSITIONS; position++) {
    const seen = await drags();
    await page.mouse.move(box.x + 8 + ((box.width - 16) * position) / POSITIONS, y);
    await page.waitForFunction(
      (known) => (window as unknown as { offrampDrags: number[] }).offrampDrags.length > known,
      seen,
      { timeout: 5000 },
    );
  }
  await page.mouse.up();
  return page.evaluate(
    (from) => (window as unknown as { offrampDrags: number[] }).offrampDrags.slice(from),
    before,
  );
}

function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]!;
}

function report(name: string, times: readonly number[]): void {
  const middle = quantile(times, 0.5);
  const late = quantile(times, 0.95);
  console.log(
    `${name.padEnd(46)} median ${middle.toFixed(1).padStart(5)} ms (${(middle / FRAME).toFixed(2)} frames)   ` +
      `p95 ${late.toFixed(1).padStart(5)} ms (${(late / FRAME).toFixed(2)} frames)`,
  );
}

const load = loadavg()[0]!;
const served = await serve();
const browser = await launch();
try {
  console.log(
    `${availableParallelism()} cores (${cpus()[0]?.model ?? 'unknown'}), load before ${load.toFixed(1)}; ` +
      `10,000 test images × 10 exits, ${POSITIONS} positions, one frame = ${FRAME.toFixed(1)} ms`,
  );
  for (const [name, query] of [
    ['default view', ''],
    ['matrices count those that leave', '&count=leaving'],
    ['map by confidence', '&order=confidence'],
  ] as const) {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.addInitScript(watch);
    await page.goto(`${served.url}?${IMAGES}&backend=wasm${query}`);
    await page.getByRole('status').getByText('done in').waitFor({ timeout: 300_000 });
    // The searches that follow a run would share the cores; the paper's is the last of them.
    for (const search of ['paper', 'frontier']) {
      await page.getByRole('combobox', { name: 'Thresholds by' }).selectOption(search);
      await page.getByText(/undominated, [\d.]+ (s|min \d+ s)$/).waitFor({ timeout: 300_000 });
    }
    report(`${name}, first exit`, await drag(page, 0));
    report(`${name}, fourth exit`, await drag(page, 3));
    await page.close();
  }
} finally {
  await browser.close();
  await served.close();
}
