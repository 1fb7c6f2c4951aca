/**
 * `npm run bench:drag`: a slider dragged through 60 positions over 10,000 test images of strokes × 10 exits, in the
 * production build. From the input event to the mark that the page sets when its last view, the map, is drawn.
 * Baseline: one frame at 60 Hz. `-- --scale` drags over an opened trace of 50,000 images × 52 exits × 100 classes.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from '@playwright/test';
import { randomTrace } from '../src/core/fixture.ts';
import { encodeTrace } from '../src/core/trace-file.ts';
import { before, launch, serve } from '../scripts/serve.ts';

/** Milliseconds. */
const FRAME = 1000 / 60;
const POSITIONS = 60;
const IMAGES = 'data=strokes&train=2000&test=10000';

const VIEWS = [
  ['default view', ''],
  ['matrices count those that leave', '&count=leaving'],
  ['map by confidence', '&order=confidence'],
] as const;
const LARGE = { images: 50_000, exits: 52, classes: 100 } as const;

const { values } = parseArgs({ options: { scale: { type: 'boolean', default: false } } });

/** One position of the slider, in milliseconds from its input event. */
interface Step {
  /** Until the page's mark: the last view has been drawn. */
  drawn: number;
  /** Until the frame's styles, layout and paint are done as well. */
  framed: number;
}

/** Notes every input event of a slider, the mark that follows and the end of the frame, on the page's own clock. */
function watch(): void {
  const steps: Step[] = [];
  Object.assign(window, { offrampSteps: steps });
  let begun = 0;
  let drawn = 0;
  new PerformanceObserver((list) => {
    drawn = list.getEntriesByName('offramp:map-drawn').at(-1)?.startTime ?? drawn;
    if (begun === 0 || drawn < begun || steps.at(-1)?.drawn !== 0) return;
    steps.at(-1)!.drawn = performance.measure('drag', { start: begun, end: drawn }).duration;
  }).observe({ entryTypes: ['mark'] });
  document.addEventListener(
    'input',
    (event) => {
      if ((event.target as HTMLInputElement).type !== 'range') return;
      const step: Step = { drawn: 0, framed: 0 };
      const start = (begun = event.timeStamp);
      steps.push(step);
      // A message sent before the frame is painted is heard after it.
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => (step.framed = performance.now() - start);
        port2.postMessage(null);
      });
    },
    { capture: true },
  );
}

async function drag(page: Page, exit: number): Promise<Step[]> {
  const finished = async (): Promise<number> =>
    page.evaluate(
      () =>
        (window as unknown as { offrampSteps: Step[] }).offrampSteps.filter(
          ({ drawn, framed }) => drawn > 0 && framed > 0,
        ).length,
    );
  const slider = page.getByRole('slider', { name: /^Images that leave at/ }).nth(exit);
  await slider.scrollIntoViewIfNeeded();
  const box = (await slider.boundingBox())!;
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + 8, y);
  await page.mouse.down();
  const first = await finished();
  for (let position = 1; position <= POSITIONS; position++) {
    const known = await finished();
    await page.mouse.move(box.x + 8 + ((box.width - 16) * position) / POSITIONS, y);
    await page.waitForFunction(
      (n) =>
        (window as unknown as { offrampSteps: Step[] }).offrampSteps.filter(
          ({ drawn, framed }) => drawn > 0 && framed > 0,
        ).length > n,
      known,
      { timeout: 5000 },
    );
  }
  await page.mouse.up();
  return page.evaluate(
    (from) => (window as unknown as { offrampSteps: Step[] }).offrampSteps.slice(from),
    first,
  );
}

function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]!;
}

function report(name: string, steps: readonly Step[]): void {
  const words = (key: keyof Step): string => {
    const times = steps.map((step) => step[key]);
    return [0.5, 0.95]
      .map((q) => {
        const time = quantile(times, q);
        return `${time.toFixed(1).padStart(6)} ms = ${(time / FRAME).toFixed(2)} frames`;
      })
      .join('   ');
  };
  console.log(`${name} (${steps.length} steps)`);
  console.log(`  last view drawn    median, p95: ${words('drawn')}`);
  console.log(`  frame painted too  median, p95: ${words('framed')}`);
}

/** Opens a random trace of many images, exits and classes. */
async function openLarge(page: Page, url: string): Promise<void> {
  const { images, exits, classes } = LARGE;
  const folder = mkdtempSync(join(tmpdir(), 'offramp-drag-'));
  const { header, bytes } = encodeTrace(randomTrace(images, exits, classes, 1));
  const files = ['large.trace.json', 'large.trace.bin'].map((name) => join(folder, name));
  writeFileSync(files[0]!, JSON.stringify(header));
  writeFileSync(files[1]!, bytes);
  await page.goto(`${url}?data=strokes&train=60&test=40&backend=wasm`);
  await page.getByRole('status').getByText('done in').waitFor({ timeout: 300_000 });
  await page
    .getByRole('banner')
    .getByRole('button', { name: /^Images/ })
    .click();
  await page.getByLabel('Trace files').setInputFiles(files);
  await page.getByText(`traced ${images.toLocaleString('en')} test images`).waitFor();
  await page.keyboard.press('Escape');
  rmSync(folder, { recursive: true });
}

const load = loadavg()[0]!;
const served = await serve();
const browser = await launch();
try {
  const size = values.scale
    ? `${LARGE.images} images × ${LARGE.exits} exits × ${LARGE.classes} classes`
    : '10,000 test images × 10 exits';
  console.log(
    `${availableParallelism()} cores (${cpus()[0]?.model ?? 'unknown'}), load before ${load.toFixed(1)}; ` +
      `${size}, ${POSITIONS} positions, one frame = ${FRAME.toFixed(1)} ms`,
  );
  if (values.scale) {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await before(page, watch);
    await openLarge(page, served.url);
    report('exit 1', await drag(page, 0));
    // Nobody would arrive at a later exit.
    await page
      .getByRole('slider', { name: /^Images that leave at/ })
      .first()
      .press('Home');
    report('exit 26', await drag(page, 25));
    await page.close();
  }
  const views = values.scale ? [] : VIEWS;
  for (const [name, query] of views) {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await before(page, watch);
    await page.goto(`${served.url}?${IMAGES}&backend=wasm${query}`);
    await page.getByRole('status').getByText('done in').waitFor({ timeout: 300_000 });
    // The searches that follow a run would share the cores; the paper's is the last of them.
    for (const search of ['paper', 'frontier']) {
      await page.getByRole('combobox', { name: 'Thresholds by' }).selectOption(search);
      await page.getByText(/undominated, [\d.]+ (s|min \d+ s)$/).waitFor({ timeout: 300_000 });
    }
    report(`${name}, first exit`, await drag(page, 0));
    await page.getByRole('button', { name: 'reset thresholds' }).click();
    report(`${name}, fourth exit`, await drag(page, 3));
    await page.close();
  }
} finally {
  await browser.close();
  await served.close();
}
