import type { Page, Route } from '@playwright/test';
import { cifarFile, cycle } from '../../src/data/testing.ts';
import { expect, test, type Explore } from '../page.ts';
import { NETWORKS } from './networks.ts';
import { HUB, PICTURES, TABLES } from './pictures.ts';
import {
  asFiles,
  IMAGES,
  LATE,
  LINKS,
  LIVE,
  RECORDED,
  SAYS,
  TRACES,
  type Dropped,
  type Harm,
  type Served,
} from './table.ts';

/** A sentence that a person can do something with. */
function checkSentence(what: string, said: string): void {
  expect(said, what).toMatch(/[.!?]$/);
  expect(said, what).not.toMatch(/undefined|\[object|NaN|^Error|TypeError|Failed to fetch/);
}

async function sentences({ messages }: Explore): Promise<string[]> {
  return messages.locator('.notice p').allTextContents();
}

async function dismissed(page: Page, { messages }: Explore): Promise<void> {
  const all = messages.locator('.notice');
  while ((await all.count()) > 0) {
    await page.evaluate(() =>
      document
        .querySelectorAll<HTMLButtonElement>('[aria-label="Dismiss this message"]')
        .forEach((button) => button.click()),
    );
  }
}

async function drop(page: Page, explore: Explore, faults: readonly Dropped[]): Promise<void> {
  for (const [what, files, says] of faults) {
    await explore.drop(asFiles(files));
    await expect(explore.messages, what).toContainText(says);
    for (const said of await sentences(explore)) checkSentence(what, said);
    await dismissed(page, explore);
  }
}

async function harm(route: Route, how: Harm): Promise<void> {
  if (how === 'reset') return route.abort('connectionreset');
  if (how === 'offline') return route.abort('internetdisconnected');
  if (typeof how === 'number') return route.fulfill({ status: how, body: 'no' });
  if (how === 'a page')
    return route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>Page</title>' });
  const body = await (await route.fetch()).body();
  const middle = Math.floor(body.length / 2);
  if (how === 'damaged') body[middle] = body[middle]! ^ 1;
  const given = {
    damaged: body,
    'cut off': body.subarray(0, middle),
    zeros: Buffer.alloc(body.length),
    empty: Buffer.alloc(0),
  };
  return route.fulfill({ body: given[how] });
}

async function serve(page: Page, explore: Explore, files: readonly Served[]): Promise<void> {
  for (const { what, path, name, harms } of files)
    for (const how of harms) {
      const label = `${what}, ${how}`;
      await page.route(`**/${path}`, (route) => harm(route, how));
      await explore.runButton.click();
      await expect(explore.messages, label).toContainText(name);
      await expect(explore.messages, label).toContainText(SAYS[how]);
      for (const said of await sentences(explore)) checkSentence(label, said);
      // What may go well the next time has a button for that.
      await expect(
        explore.messages.getByRole('button', { name: 'Try again' }),
        label,
      ).toBeVisible();
      await page.unroute(`**/${path}`);
      await dismissed(page, explore);
    }
}

test('at least 220 faults are tried, a line of the table each', () => {
  const served = [...RECORDED, ...LIVE].flatMap(({ harms }) => harms);
  const faults = [LATE, IMAGES, PICTURES, TABLES, HUB, NETWORKS, TRACES, LINKS, served];
  expect(faults.flat().length).toBeGreaterThanOrEqual(220);
});

test('wrong files are each told in a sentence, and what is on screen stays', async ({
  page,
  explore,
}) => {
  await explore.open('?data=strokes&train=100&test=60&backend=wasm');
  const before = await explore.leavingCounts();
  const menu = page.getByRole('group', { name: 'Images', exact: true });
  for (const [what, files, says] of LATE) {
    await explore.drop(asFiles(files));
    await expect(explore.messages, what).toContainText('Your files are complete.');
    await dismissed(page, explore);
    await explore.openMenu(/^Images/);
    await expect(menu).toContainText('none of the published ones');
    await menu.getByRole('status').getByRole('button', { name: 'MNIST', exact: true }).click();
    // All that is said about a file is in one message.
    await expect(explore.messages.getByText(says), what).toHaveCount(1);
    await dismissed(page, explore);
    await page.keyboard.press('Escape');
    await expect(menu).toHaveCount(0);
  }
  // A part of a set; chosen with the button.
  await explore.openMenu(/^Images/);
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'Open files …' }).click(),
  ]);
  const part = Buffer.from(cifarFile(cycle(20), 'cifar-10'));
  await chooser.setFiles({ name: 'data_batch_1.bin', mimeType: '', buffer: part });
  await expect(explore.messages).toContainText('CIFAR-10 still needs data_batch_2.bin');
  await expect(menu).toContainText('Still missing: data_batch_2.bin');
  await page.keyboard.press('Escape');
  await dismissed(page, explore);
  await drop(page, explore, [...IMAGES, ...TRACES]);
  await expect.poll(() => explore.leavingCounts()).toEqual(before);
  await expect(page.getByRole('banner').getByRole('button', { name: /^Images/ })).toHaveText(
    /Strokes/,
  );
  await expect(explore.matrices.first()).toHaveAccessibleName(/of 60 test images right$/);
});

test('wrong networks and pictures are each told in a sentence, and nothing of them stays in the way', async ({
  page,
  context,
  explore,
  complaints,
}) => {
  await explore.open('?data=strokes&train=100&test=60&backend=wasm');
  const before = await explore.leavingCounts();
  await drop(page, explore, [...NETWORKS, ...PICTURES, ...TABLES]);

  let answer: (typeof HUB)[number][2] = null;
  await context.route('https://huggingface.co/**', (route) =>
    answer === null
      ? route.abort('connectionrefused')
      : route.fulfill({
          status: answer.status,
          headers: {
            'access-control-allow-origin': '*',
            'access-control-expose-headers': 'X-Error-Code',
            ...(answer.code && { 'x-error-code': answer.code }),
          },
          body: answer.body ?? '{}',
        }),
  );
  await explore.openMenu(/^Images/);
  const menu = page.getByRole('group', { name: 'Images', exact: true });
  for (const [what, name, given, says] of HUB) {
    answer = given;
    await menu.getByRole('textbox', { name: 'Hugging Face Hub' }).fill(name);
    await menu.getByRole('button', { name: 'Fetch' }).click();
    await expect(explore.messages, what).toContainText(says);
    for (const said of await sentences(explore)) checkSentence(what, said);
    await dismissed(page, explore);
  }
  await page.keyboard.press('Escape');

  await expect.poll(() => explore.leavingCounts()).toEqual(before);
  await explore.openMenu(/^Network/);
  await expect(
    page.getByRole('group', { name: 'Network', exact: true }).locator('.dataset'),
  ).toHaveText([/ResNet/, /ResNet/]);
  await page.keyboard.press('Escape');
  await explore.runButton.click();
  await expect(explore.progress).toContainText('done in', { timeout: 60_000 });
  await expect(explore.matrices.first()).toHaveAccessibleName(/of 60 test images right$/);
  await expect(page).toHaveURL(/data=strokes/);
  // What the browser says of the refusals, which the page has said in words.
  complaints.splice(
    0,
    Infinity,
    ...complaints.filter((of) => !/huggingface|40\d|503|CONNECTION/.test(of)),
  );
});

test('what the page’s server does not give as it was published is told, named and had when it is there again', async ({
  page,
  explore,
  complaints,
}) => {
  // Everything that a link can get wrong, in one.
  const query = new URLSearchParams(LINKS.map(([key, value]) => [key, value]));
  await page.route('**/runs/cifar-10-*', (route) => route.abort());
  await page.goto(`./?${query.toString()}`);
  await explore.messages.getByRole('button', { name: /^Show all/ }).click();
  for (const [key, value] of LINKS)
    await expect(explore.messages).toContainText(`The link's ${key} is “${value}”`);
  for (const said of await sentences(explore)) checkSentence('a link', said);

  for (const [files, source] of [
    [RECORDED, 'recorded'],
    [LIVE, 'live'],
  ] as const) {
    const [first] = files;
    await page.route(`**/${first!.path}`, (route) => route.abort());
    await page.goto(
      `./?data=strokes&from=${source}&backend=wasm${source === 'live' ? '&train=60&test=40' : ''}`,
    );
    await expect(explore.messages.getByRole('alert')).toContainText(first!.name);
    await page.unroute(`**/${first!.path}`);
    await dismissed(page, explore);
    await serve(page, explore, files);
    await explore.runButton.click();
    await expect(explore.progress).toContainText(source === 'live' ? 'done in' : 'recorded run', {
      timeout: 60_000,
    });
  }
  complaints.length = 0;
});

test('a page whose code or style sheet does not come says so, and is there once they are', async ({
  page,
  explore,
  complaints,
}) => {
  await page.route('**/assets/index-*.js', (route) => route.abort());
  await page.goto('./?data=strokes&train=60&test=40&backend=wasm');
  await expect(page.getByText('The page’s code has not come yet.')).toBeVisible();
  await page.unroute('**/assets/index-*.js');
  const { pathname } = new URL(
    (await page.locator('link[rel="stylesheet"]').getAttribute('href'))!,
    page.url(),
  );
  await page.route(`**${pathname}`, (route) => route.abort());
  await page.reload();
  await expect(page.getByRole('alert')).toContainText('style sheet could not be loaded');
  const again = page.getByRole('button', { name: 'Try again' });
  await page.unroute(`**${pathname}`);
  await again.click();
  await expect(explore.progress).toContainText('done in', { timeout: 60_000 });
  await expect(explore.matrices.first()).toBeVisible();

  // Of another page, which is fetched when it is opened.
  const sheets = (): Promise<number> => page.evaluate(() => document.styleSheets.length);
  const before = await sheets();
  await page.route('**/assets/*.css', (route) => route.abort());
  await page.getByRole('link', { name: 'Paper' }).click();
  await expect(page.getByRole('alert')).toContainText('This page could not be fetched');
  await page.unroute('**/assets/*.css');
  await again.click();
  await expect(page.getByRole('heading', { name: /Figure 1/ })).toBeVisible();
  expect(await sheets()).toBeGreaterThan(before);
  complaints.length = 0;
});
