/** What a page must be for whoever comes: by keyboard, with large type, forced colours, still, on paper, without scripts. */
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './page.ts';

const FEW = '?data=strokes&train=200&test=100&backend=wasm';

const PAGES = [
  { name: 'Explore', query: '?method=sdn', there: (page: Page) => page.locator('.map-scroll') },
  {
    name: 'Try',
    query: '?page=try&data=strokes&train=200&test=100&backend=wasm',
    there: (page: Page) => page.locator('.stages'),
  },
  {
    name: 'Compare',
    query: '?page=compare',
    there: (page: Page) => page.locator('.compare-table'),
  },
  {
    name: 'Unsupervised',
    query: '?page=unsupervised',
    there: (page: Page) => page.locator('.cluster-canvas').first(),
  },
  {
    name: 'Paper',
    query: '?page=paper',
    there: (page: Page) => page.locator('.paper-comparison').first(),
  },
] as const;

/** CSS pixels by which the page is wider than its window. */
const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

const background = (element: Locator): Promise<string> =>
  element.evaluate((found) => getComputedStyle(found).backgroundColor);

for (const { name, query, there } of PAGES)
  test(`${name}: a skip link, one h1, no sideways scroll, forced colours, stillness`, async ({
    page,
  }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto(`./${query}`);
    await expect(there(page)).toBeVisible();
    await expect(page.locator('h1')).toHaveCount(1);
    await expect(page.getByRole('main')).toHaveCount(1);

    if (name === 'Explore') {
      // The number of a budget can be read in its field.
      const epochs = page.getByRole('spinbutton', { name: 'Epochs' });
      await expect(epochs).toHaveValue('6');
      expect(await epochs.evaluate((field) => field.scrollWidth - field.clientWidth)).toBe(0);
    }

    await page.keyboard.press('Tab');
    const skip = page.getByRole('link', { name: 'Skip to the page' });
    await expect(skip).toBeFocused();
    await expect(skip).toBeInViewport();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('main')).toBeFocused();
    expect(new URL(page.url()).hash).toBe('');

    const moving = await page.evaluate(
      () =>
        document.getAnimations().length +
        [...document.querySelectorAll('*')].filter((element) => {
          const { transitionDuration, animationName } = getComputedStyle(element);
          return parseFloat(transitionDuration) > 0 || animationName !== 'none';
        }).length,
    );
    expect(moving).toBe(0);

    // The narrowest phone, twice the zoom of 1280 × 800, and type twice as large at both.
    const devtools = await page.context().newCDPSession(page);
    for (const [type, width, height] of [
      [16, 320, 640],
      [16, 640, 400],
      [32, 320, 640],
      [32, 640, 400],
      [32, 1280, 800],
    ] as const) {
      await devtools.send('Page.setFontSizes', { fontSizes: { standard: type } });
      await page.setViewportSize({ width, height });
      await expect
        .poll(() => overflow(page), { message: `type of ${type} px, ${width} × ${height}` })
        .toBeLessThanOrEqual(0);
    }
    await devtools.send('Page.setFontSizes', { fontSizes: { standard: 16 } });

    await page.emulateMedia({ forcedColors: 'active' });
    const pages = page.getByRole('navigation', { name: 'Pages' }).getByRole('link');
    const shown = page.getByRole('link', { name, exact: true });
    await expect(shown).toHaveAttribute('aria-current', 'page');
    const others = pages.filter({ hasNotText: name });
    expect(await background(shown)).not.toBe(await background(others.first()));
    for (const slider of await page.locator('input[type="range"]').all())
      await expect(slider).toHaveCSS('appearance', 'auto');
  });

test('the exit map is walked by keyboard: each image is named, and Enter opens it', async ({
  page,
  explore,
}) => {
  await explore.open(`${FEW}&image=3`);
  await explore.map.focus();
  const active = async (): Promise<{ name: string; image: number }> => {
    const id = (await explore.map.getAttribute('aria-activedescendant'))!;
    const name = (await page.locator(`[id="${id}"]`).getAttribute('aria-label'))!;
    return { name, image: Number(/^test image (\d+): /.exec(name)![1]) };
  };
  expect((await active()).image).toBe(3);
  await page.keyboard.press('Home');
  const first = await active();
  expect(first.name).toMatch(/(right|\d taken for \d), leaves at \S+$/);
  await page.keyboard.press('End');
  const last = await active();
  expect(last.name.split('leaves at')[1]).toBe(first.name.split('leaves at')[1]);
  // By exits to the right: the last one where images leave.
  for (let exits = 0; exits < 10; exits++) await page.keyboard.press('Control+ArrowRight');
  const far = await active();
  const right = (await explore.leaving()).findLast(({ leave }) => leave > 0)!;
  expect(far.name).toMatch(new RegExp(`leaves at ${right.exit}$`));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'One image' })).toBeFocused();
  await expect(explore.image.getByRole('spinbutton')).toHaveValue(String(far.image));
  await expect(page).toHaveURL(new RegExp(`image=${far.image}(&|$)`));
});

test('the Paper page fits a sheet of A4, light, without what only a screen can use', async ({
  page,
}) => {
  await page.goto('./?page=paper&theme=dark');
  await expect(page.locator('.paper-comparison').first()).toBeVisible();
  await expect(page.locator('#figure-1 svg text').first()).toBeVisible();
  await page.emulateMedia({ media: 'print' });
  // 210 mm less two margins of 12, at 96 pixels an inch.
  await page.setViewportSize({ width: 703, height: 1000 });
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  await expect.poll(() => overflow(page)).toBeLessThanOrEqual(0);
  const tooWide = await page
    .locator('.paper-scroll > *')
    .evaluateAll((found) =>
      found
        .filter((element) => element.getBoundingClientRect().right > window.innerWidth + 0.5)
        .map((element) => element.closest('section')!.id),
    );
  expect(tooWide).toEqual([]);
  const onScreenOnly = page.locator('button, select, input, .bar, .notices, .paper-contents');
  await expect(onScreenOnly.filter({ visible: true })).toHaveCount(0);
});

test('without JavaScript the page says what it is', async ({ browser, baseURL }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(baseURL!);
  await expect(page.getByRole('heading', { level: 1, name: 'Offramp' })).toBeVisible();
  const words = await page.locator('main').textContent();
  expect(words).toContain('early-exit neural networks');
  expect(words).toContain('JavaScript is off');
  await context.close();
});
