/**
 * `npm run bench:first-visit`: from navigation to the first complete confusion matrix of all test images, each time in a
 * new browser that remembers nothing: of the recorded run that a newcomer gets (aim: 1 s) and of a live run on strokes
 * and wasm (aim: 5 s).
 */
import { availableParallelism, cpus, loadavg } from 'node:os';
import { before, launch, serve } from '../scripts/serve.ts';

/** What is visited, how it ends, and the aim in seconds, on two cores. */
const KINDS = [
  { name: 'recorded run', query: '', end: /^recorded run$/, aim: 1 },
  { name: 'live run on strokes', query: '?data=strokes&backend=wasm', end: /done in/, aim: 5 },
] as const;
const VISITS = Number(process.argv[2] ?? 5);

interface Visit {
  /** Seconds from navigation: first matrices of any images, complete matrices of the test images, end of the run. */
  readonly first: number;
  readonly complete: number;
  readonly done: number;
  readonly test: string;
  readonly backend: string;
}

/** Notes in the page itself when each state is first on screen. */
function watch(): void {
  const seen: Record<string, number> = {};
  Object.assign(window, { offrampSeen: seen });
  const note = (name: string): void => {
    seen[name] ??= performance.now() / 1000;
  };
  const look = (): void => {
    const matrix = document.querySelector('.matrix-button')?.getAttribute('aria-label') ?? '';
    if (matrix !== '') note('first');
    const isTest = / test images right$/.test(matrix);
    const isWhole = !(document.querySelector('.rail')?.textContent ?? 'so far').includes('so far');
    if (isTest && isWhole) note('complete');
    if (document.querySelector('.progress')?.textContent?.match(/done in|recorded run/))
      note('done');
  };
  new MutationObserver(look).observe(document, {
    subtree: true,
    childList: true,
    attributes: true,
    characterData: true,
  });
}

async function visit(url: string, end: RegExp): Promise<Visit> {
  const browser = await launch();
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await before(page, watch);
    await page.goto(url);
    await page.getByRole('status').getByText(end).waitFor({ timeout: 120_000 });
    const seen = await page.evaluate(
      () => (window as unknown as { offrampSeen: Record<string, number> }).offrampSeen,
    );
    const { first, complete, done } = seen;
    if (first === undefined || complete === undefined || done === undefined)
      throw new Error('The page ended its run without ever showing complete matrices.');
    const label = (await page.locator('.matrix-button').first().getAttribute('aria-label')) ?? '';
    return {
      first,
      complete,
      done,
      test: label.replace(/^.* of /, '').replace(' right', ''),
      backend: (await page.locator('.backend button').first().textContent()) ?? '',
    };
  } finally {
    await browser.close();
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

console.log(
  `${availableParallelism()} cores (${cpus()[0]?.model ?? 'unknown'}), load before ${loadavg()[0]!.toFixed(1)}`,
);
const served = await serve();
try {
  for (const { name, query, end, aim } of KINDS) {
    const visits: Visit[] = [];
    for (let i = 0; i < VISITS; i++) visits.push(await visit(served.url + query, end));
    const of = (key: 'first' | 'complete' | 'done'): number =>
      median(visits.map((one) => one[key]));
    const { test, backend } = visits[0]!;
    const each = visits.map(({ complete }) => complete.toFixed(2)).join(', ');
    console.log(`\n${name}: ${test}, ${backend}; median of ${VISITS} cold visits, seconds`);
    console.log(`first matrices of the first images     ${of('first').toFixed(2)}`);
    console.log(`complete matrices of all test images   ${of('complete').toFixed(2)}   (${each})`);
    console.log(`run done                               ${of('done').toFixed(2)}`);
    console.log(`ratio to the aim of ${aim} s: ${(of('complete') / aim).toFixed(2)}`);
  }
} finally {
  await served.close();
}
