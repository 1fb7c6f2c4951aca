import AxeBuilder from '@axe-core/playwright';
import { readLink } from '../src/state/address/url.ts';
import { Explore, expect, SMALL, SMALL_TEST, test } from './page.ts';

test('a shared link brings back thresholds, selection, filters and theme', async ({
  page,
  context,
  explore,
}) => {
  await explore.open();
  await explore.thresholds.first().press('PageUp');
  await explore.thresholds.nth(2).press('Home');
  await explore.thresholds.nth(3).press('End');
  await explore.image.getByRole('spinbutton').fill('77');
  await explore.select('class').selectOption('3');
  await explore.select('order').selectOption('difficulty');
  await explore.select('count').selectOption('leaving');
  await page.getByRole('button', { name: 'Switch to dark' }).click();
  const link = await explore.sharedLink();

  const second = new Explore(await context.newPage());
  await second.page.goto(link);
  await second.finished();
  const state = readLink(new URL(link).search);
  expect(state.dropped).toEqual([]);
  expect(state.state.thresholds).toHaveLength(9);
  expect(readLink(new URL(await second.sharedLink()).search)).toEqual(state);

  await expect(second.setBy).toContainText('thresholds from the link');
  expect(await second.leaving()).toEqual(await explore.leaving());
  expect(await second.numbers()).toEqual(await explore.numbers());
  expect(await second.shownOnMap()).toBe(await explore.shownOnMap());
  await expect(second.image.getByRole('spinbutton')).toHaveValue('77');
  await expect(second.select('order')).toHaveValue('difficulty');
  await expect(second.select('count')).toHaveValue('leaving');
  await expect(second.page.locator('html')).toHaveAttribute('data-theme', 'dark');
});

test('a view is cited with what its numbers are of, and its link brings back the thresholds', async ({
  page,
  explore,
}) => {
  await page.goto('./');
  await explore.replayed();
  const { accuracy } = await explore.numbers();
  await explore.openMenu('Share');
  await page.getByRole('button', { name: 'Cite this view' }).click();
  await expect(explore.dialog).toContainText(/recorded( on [\d-]+)?, commit/);
  await expect(explore.dialog).toContainText('test, 10,000 images');
  const { violations } = await new AxeBuilder({ page }).include('dialog').analyze();
  expect(violations).toEqual([]);
  const copied = async (name: string): Promise<string> => {
    await page.getByRole('region', { name }).getByRole('button', { name: 'Copy' }).click();
    await expect(page.getByRole('region', { name }).getByText('Copied')).toBeVisible();
    return page.evaluate(() => navigator.clipboard.readText());
  };
  expect(await copied('BibTeX of the paper')).toContain('eprint = {2103.01148}');
  const entry = await copied('BibTeX of this view');
  const cited = /url = \{(.*)\},/.exec(entry)![1]!;
  expect(readLink(new URL(cited).search).state.settings.source).toBe('recorded');
  await page.keyboard.press('Escape');
  await expect(explore.dialog).toBeHidden();
  await page.goto(cited);
  await explore.replayed();
  await expect(explore.setBy).toContainText('thresholds from the link');
  expect((await explore.numbers()).accuracy).toBe(accuracy);
});

test('reloading the page keeps what is on screen', async ({ page, explore }) => {
  await explore.open();
  await explore.thresholds.first().press('PageDown');
  await explore.matrices.nth(1).click();
  await explore.dialog.getByRole('button', { name: /^[1-9]\d* images of 1 taken for 1$/ }).click();
  const before = await explore.leaving();
  const shown = await explore.shownOnMap();
  await expect(page).toHaveURL(/T=.*/);
  await expect(page).toHaveURL(/cell=1\.1\.1/);
  await page.reload();
  await explore.finished();
  expect(await explore.leaving()).toEqual(before);
  expect(await explore.shownOnMap()).toBe(shown);
});

test('values that a link may not have are named and left out', async ({ explore }) => {
  await explore.open(`${SMALL}&seed=-3&theme=pink&T=0.1_high&cell=1.2`);
  for (const sentence of [
    'The link’s seed is “-3”; expected a whole number up to 4294967295. It was ignored.',
    'The link’s theme is “pink”; expected one of system, light, dark. It was ignored.',
    'The link’s T is “0.1_high”; expected thresholds joined by _. It was ignored.',
    'The link’s cell is “1.2”; expected exit.true.predicted. It was ignored.',
  ]) {
    // A straight apostrophe or a curly one: the words count.
    await expect(explore.messages.getByText(new RegExp(pattern(sentence)))).toBeVisible();
  }
  await expect(explore.setBy).toContainText('thresholds chosen');
  expect(await explore.shownOnMap()).toBe(SMALL_TEST);
});

function pattern(sentence: string): string {
  return sentence.replaceAll(/[.\\^$*+?()[\]{}|]/g, String.raw`\$&`).replaceAll('’', "['’]");
}

test('thresholds for another number of exits are named and left out', async ({ explore }) => {
  await explore.open(`${SMALL}&T=0.1_0.2`);
  await expect(explore.messages).toContainText('2 thresholds');
  await expect(explore.setBy).toContainText('thresholds chosen');
});

test('a dataset that is not here is said, and another one can be run', async ({
  page,
  explore,
}) => {
  await page.goto('./?data=cifar-10&train=200&test=100&backend=wasm');
  await expect(explore.messages.getByRole('alert')).toContainText(
    'There are no CIFAR-10 images here.',
  );
  await explore.openMenu(/^Images/);
  await page.getByRole('button', { name: /^Strokes/ }).click();
  await explore.finished();
  await expect(explore.messages.getByRole('alert')).toHaveCount(0);
});
