import { readFile } from 'node:fs/promises';
import { chromium, type Browser } from '@playwright/test';
import { browserFlags } from '../../scripts/browser.mjs';
import { Host } from '../host.ts';
import { expect, Explore, test } from '../page.ts';

/** What docs/faults.md says of machines, hosts and browsers. */
const TINY = '?data=strokes&train=60&test=40';

const computed = ({ progress }: Explore): Promise<void> =>
  expect(progress).toContainText('done in', { timeout: 90_000 });

async function whyNot({ page }: Explore, backend: RegExp, says: string): Promise<void> {
  const button = page.getByRole('banner').getByRole('button', { name: backend });
  await expect(button).toBeVisible();
  await button.click();
  await expect(page.getByRole('group', { name: 'What computes' })).toContainText(says);
  await page.keyboard.press('Escape');
}

test('a page under a sub-path of a plain host, cross-origin isolated, computes; so does plain JavaScript, and it is said', async ({
  page,
  explore,
  complaints,
}) => {
  const host = new Host({
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
  });
  await host.start();
  // An adapter that never comes makes room for wasm; without a database nothing is kept, and nothing else is missing.
  await page.addInitScript(() => {
    const gpu = { requestAdapter: () => new Promise(() => undefined) };
    Object.defineProperty(navigator, 'gpu', { value: gpu });
    Object.defineProperty(window, 'indexedDB', { value: undefined });
  });
  await page.goto(`${host.url}${TINY}`);
  await computed(explore);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  await explore.openMenu(/wasm ×\d+$/);
  await page.getByRole('radio', { name: /^JavaScript/ }).check();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('banner').getByRole('button', { name: /JavaScript ×/ })).toBeVisible({
    timeout: 60_000,
  });
  await computed(explore);
  await whyNot(explore, /JavaScript ×/, 'a hundred times slower than wasm: choose few images.');
  await host.stop();
  complaints.length = 0;
});

test('WebAssembly without SIMD works, slower, and says so; so does plain http from another machine', async () => {
  const browser = await chromium.launch({
    executablePath: process.env['OFFRAMP_CHROMIUM']!,
    args: [
      ...browserFlags,
      '--js-flags=--no-enable-sse4-1 --no-enable-ssse3',
      '--host-resolver-rules=MAP another.example localhost',
    ],
  });
  const host = new Host();
  await host.start();
  const explore = new Explore(await browser.newPage());
  await explore.page.goto(
    `${host.url.replace('localhost', 'another.example')}${TINY}&backend=wasm`,
  );
  await computed(explore);
  // No digests, no locks, no service worker there.
  expect(await explore.page.evaluate(() => isSecureContext)).toBe(false);
  await expect(explore.messages.locator('.notice.error')).toHaveCount(0);
  await whyNot(explore, /wasm ×\d+$/, 'has no SIMD: everything works, several times slower.');
  await browser.close();
  await host.stop();
});

/** Megabytes that all processes of a browser take, what they share counted once. */
async function memoryOf(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const sizes = await Promise.all(
    processInfo.map(async ({ id }) => {
      // A process may have ended meanwhile.
      const text = await readFile(`/proc/${id}/smaps_rollup`, 'utf8').catch(() => '');
      return Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1] ?? 0);
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0) / 1000;
}

test('a live run and the deepest recorded one fit a machine of 4 GB, browser and all', async () => {
  test.skip(process.platform !== 'linux', 'What processes take is read from /proc.');
  const browser = await chromium.launch({
    executablePath: process.env['OFFRAMP_CHROMIUM']!,
    args: [...browserFlags],
  });
  const host = new Host();
  await host.start();
  const explore = new Explore(await browser.newPage());
  let most = 0;
  const watch = async (end: Promise<void>): Promise<void> => {
    let isOver = false;
    const over = end.finally(() => (isOver = true));
    while (!isOver) {
      most = Math.max(most, await memoryOf(browser));
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    await over;
  };
  await explore.page.goto(`${host.url}?data=strokes&train=2000&test=1000&backend=wasm`);
  await watch(computed(explore));
  await explore.page.goto(`${host.url}?data=kmnist&network=resnet152-kmnist`);
  await watch(expect(explore.page.locator('.exit-head')).toHaveCount(52, { timeout: 60_000 }));
  // The browser alone takes more than a hundred; three quarters of the machine are left to everything else.
  expect(most).toBeGreaterThan(100);
  expect(most).toBeLessThan(1000);
  await browser.close();
  await host.stop();
});
