import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Host } from './host.ts';
import { expect, Explore, test } from './page.ts';

test.use({ serviceWorkers: 'allow' });

/** On screen; the searches of its thresholds may go on. */
const replayed = ({ progress }: Explore): Promise<void> =>
  expect(progress).toContainText('recorded run', { timeout: 60_000 });
const computed = ({ progress }: Explore): Promise<void> =>
  expect(progress).toContainText('done in', { timeout: 90_000 });

const host = new Host();
test.afterEach(() => host.stop());

test('after one visit everything recorded and everything on strokes works without the server, and a new version is offered', async ({
  page,
  context,
  explore,
  complaints,
}) => {
  test.slow();
  await host.start();
  await page.goto(host.url);
  await replayed(explore);
  await page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        navigator.serviceWorker.addEventListener('message', ({ data }) => {
          const { kept, all } = data as { kept: number; all: number };
          if (kept === all) resolve();
        });
      }),
  );
  // The first visit was over before anything was kept.
  expect(host.asked.indexOf('sw.js')).toBeGreaterThan(
    host.asked.findIndex((path) => /^assets\/search-/.test(path)),
  );
  await page.close();
  await host.stop();

  const offline = new Explore(await context.newPage());
  await offline.page.goto(host.url);
  await replayed(offline);
  // A run that the visit has not looked at.
  await offline.select('Method').selectOption('bwds');
  await replayed(offline);
  await expect(offline.matrices.first()).toBeVisible();
  await offline.page.getByRole('link', { name: 'Paper' }).click();
  await expect(offline.page.getByRole('heading', { name: /Figure 1/ })).toBeVisible();
  // Live, with code, weights and wasm that the visit has not asked for; and again when a worker is gone.
  await offline.page.goto(
    `${host.url}?data=strokes&train=400&test=200&backend=wasm&method=sdn&epochs=1`,
  );
  await computed(offline);
  for (const worker of offline.page.workers())
    if (/\/worker-/.test(worker.url())) await worker.evaluate(() => self.close());
  await offline.select('Method').selectOption('e2cm-sdn');
  await computed(offline);
  await expect(offline.matrices.first()).toBeVisible();

  // Another version is published: the page says so, and goes over to it when it is told to.
  const mark = 'An in-browser playground';
  const html = (await readFile('dist/index.html', 'utf8')).replace(mark, `${mark}, the next,`);
  const digest = createHash('sha256').update(html).digest('hex');
  host.change = (path, bytes) => {
    if (path === 'index.html')
      return Buffer.from(bytes.toString().replace(mark, `${mark}, the next,`));
    if (path !== 'sw.js') return bytes;
    return Buffer.from(
      bytes
        .toString()
        .replace(/"index\.html":"[0-9a-f]{64}"/, `"index.html":"${digest}"`)
        .replace(/VERSION = "[^"]*"/, 'VERSION = "the next"'),
    );
  };
  await host.start();
  await offline.page.evaluate(async () => {
    await (await navigator.serviceWorker.ready).update();
  });
  await expect(offline.messages).toContainText('A new version of this page is there.', {
    timeout: 60_000,
  });
  await offline.messages.getByRole('button', { name: 'Load it' }).click();
  await expect(offline.page.locator('meta[name=description]')).toHaveAttribute(
    'content',
    new RegExp(`${mark}, the next,`),
  );
  complaints.length = 0;
});
