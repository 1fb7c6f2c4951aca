/** Looks at every panel in every state of the gallery, in both themes: something is drawn, all of it fits, and it can be read. */
import AxeBuilder from '@axe-core/playwright';
import { createServer, type ViteDevServer } from 'vite';
import { expect, test } from './page.ts';

let server: ViteDevServer;
let gallery: string;

// The gallery is no part of a build: it is served from its source.
// Contrast of some thousand texts is looked at, twice.
test.describe.configure({ timeout: 240_000 });

test.beforeAll(async () => {
  server = await createServer({ server: { port: 0 }, logLevel: 'error' });
  await server.listen();
  gallery = `${server.resolvedUrls!.local[0]!}gallery/`;
});
test.afterAll(() => server.close());

const STATES = [
  ...['two', 'ten', 'fifty-two', 'hundred', 'unlabelled', 'empty', 'cut-short', 'failed'],
  'sheet',
];

for (const state of STATES) {
  test(`every panel with ${state} fits its place and can be read, light and dark`, async ({
    page,
  }) => {
    await page.goto(`${gallery}?state=${state}`);
    const items = page.getByRole('article');
    await expect(items.first()).toBeVisible();
    for (const theme of ['light', 'dark']) {
      await page.getByRole('button', { name: theme, exact: true }).click();
      await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
      expect(await items.evaluateAll(tooWide)).toEqual([]);
      const { violations } = await new AxeBuilder({ page })
        .withRules(['color-contrast', 'label', 'button-name', 'image-alt', 'svg-img-alt'])
        .analyze();
      const words = violations.flatMap(({ id, nodes }) =>
        nodes.map(({ html }) => `${id}: ${html}`),
      );
      expect(words).toEqual([]);
    }
  });
}

/** Panels of which a part is wider than they are, with the beginning of that part; what scrolls by itself may be. */
function tooWide(articles: Element[]): string[] {
  return articles.flatMap((article) => {
    const edge = article.getBoundingClientRect().right + 1;
    const scrolls = (part: Element | null): boolean =>
      part !== null &&
      part !== article &&
      (getComputedStyle(part).overflowX !== 'visible' || scrolls(part.parentElement));
    const over = [...article.querySelectorAll('*')].find(
      (part) => part.getBoundingClientRect().right > edge && !scrolls(part.parentElement),
    );
    return over ? [`${article.getAttribute('aria-label')}: ${over.outerHTML.slice(0, 120)}`] : [];
  });
}

test('matrices and maps are painted, and in other colours in the dark', async ({ page }) => {
  const inked = async (theme: string): Promise<string> => {
    await page.goto(`${gallery}?state=ten&panel=exits&theme=${theme}`);
    const matrix = page.locator('canvas').first();
    await expect(matrix).toBeVisible();
    const colours = await matrix.evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      return [...new Set(new Uint32Array(data.buffer))].sort().join();
    });
    expect(colours.split(',').length).toBeGreaterThan(8);
    return colours;
  };
  expect(await inked('light')).not.toBe(await inked('dark'));
});

test('says in words what is missing where a run failed or is not there', async ({ page }) => {
  await page.goto(`${gallery}?state=failed&panel=image`);
  await expect(page.getByText('The engine was lost with what it had learnt.')).toBeVisible();
  await page.goto(`${gallery}?state=empty`);
  await expect(page.getByText(/^Confusion matrices appear here/)).toBeVisible();
  await page.goto(`${gallery}?state=cut-short&panel=training`);
  await expect(page.getByRole('article')).toContainText('3');
});
