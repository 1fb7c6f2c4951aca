/** A person's own pictures, from a folder to a classifier with exits. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { zipSync } from 'fflate';
import { hubAnswer } from '../src/data/hub/testing.ts';
import { parquetOf } from '../src/data/parquet/testing.ts';
import { pattern, pngFile } from '../src/data/pictures/testing.ts';
import { EXITS, expect, test, type Explore } from './page.ts';

const CLASSES = ['apple', 'bell', 'cup', 'door', 'Ärmel'];

/** Twenty pictures a class: stripes of its own width, and noise. */
function picture(k: number, n: number): Uint8Array {
  const { pixels, ...shape } = pattern(32, 32, 3, 97 * n);
  const striped = pixels.map((noise, i) => {
    const x = Math.floor(i / 3) % 32;
    return (Math.floor(x / (k + 1)) % 2) * 180 + (noise >> 2);
  });
  return pngFile({ ...shape, pixels: striped });
}

const pictures = Object.fromEntries(
  CLASSES.flatMap((name, k) =>
    Array.from({ length: 20 }, (_, n): [string, Uint8Array] => [
      `things/${name}/${n}.png`,
      picture(k, n),
    ]),
  ),
);

let home: string;
test.beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'offramp-pictures-'));
  const files = { ...pictures, 'things/cup/broken.png': new TextEncoder().encode('no picture') };
  for (const [path, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(home, path)), { recursive: true });
    await writeFile(join(home, path), bytes);
  }
});
test.afterAll(() => rm(home, { recursive: true }));

const menuOf = ({ page }: Explore) => page.getByRole('group', { name: 'Images', exact: true });

/** Where everything is right at the first exit there is nothing to choose on a curve. */
const done = ({ progress }: Explore) =>
  expect(progress).toContainText('done in', { timeout: 60_000 });

test('five folders of twenty pictures are a classifier with exits, kept until thrown away', async ({
  page,
  explore,
}) => {
  await explore.open('?data=strokes&train=200&test=100&backend=wasm');
  await explore.openMenu(/^Images/);
  await menuOf(explore).getByLabel('Folder of pictures').setInputFiles(join(home, 'things'));
  await expect(page).toHaveURL(/data=files/);
  await expect(page).toHaveURL(/last=nearest-mean/);
  await expect(explore.messages).toContainText('was trained on other classes: the class means');
  await done(explore);
  await expect(explore.matrices).toHaveCount(EXITS);
  await expect(explore.matrices.last()).toHaveAccessibleName(/of 20 test images right$/);
  await expect(explore.messages).toContainText(
    'things/cup/broken.png is no picture: it holds text (“no picture”).',
  );
  await expect(page.getByRole('region', { name: 'About the images' })).toContainText(
    '20 % of every class, drawn by seed 1, are the test images; 1 picture is left out.',
  );
  // Stripes are told apart by means of sixteen pictures each.
  expect(Math.max(...(await explore.exitAccuracies()))).toBeGreaterThan(0.6);

  await test.step('pasted pictures of no class are looked at beside them', async () => {
    const base64 = Buffer.from(picture(2, 77)).toString('base64');
    await page.evaluate((text) => {
      const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
      const clipboardData = new DataTransfer();
      clipboardData.items.add(new File([bytes], 'image.png', { type: 'image/png' }));
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
    }, base64);
    await expect(explore.messages).toContainText('takes the place of the test images');
    const last = page.getByRole('button', { name: /^Enlarge the matrix of agreement/ }).last();
    await expect(last).toHaveAccessibleName(/at classifier: 100.0 % of 1 test/);
    await done(explore);
    await expect(page.getByText('agreement with the last exit on test').first()).toBeVisible();
  });

  await test.step('a reload finds them again, until they are thrown away', async () => {
    await page.reload();
    await done(explore);
    await expect(explore.matrices.last()).toHaveAccessibleName(/of 20 test images right$/);
    await explore.openMenu(/^Images/);
    const kept = menuOf(explore).getByRole('region', { name: 'Pictures opened before' });
    await expect(kept).toContainText('things 101 pictures of 5 classes');
    await kept.getByRole('button', { name: 'Throw away things' }).click();
    await expect(kept).toHaveCount(0);
  });
});

test('a zip of the classes of a network runs on that network, and goes on where nothing can be kept', async ({
  page,
  explore,
}) => {
  await page.addInitScript(() => {
    indexedDB.open = () => {
      throw new DOMException('no room', 'QuotaExceededError');
    };
  });
  await explore.open('?data=strokes&train=200&test=100&backend=wasm');
  const digits = Object.fromEntries(
    Array.from({ length: 10 }, (_, k) =>
      ['train', 'test'].map((split): [string, Uint8Array] => [
        `${split}/${k}/1.png`,
        pngFile(pattern(28, 28, 1, 10 * k + split.length)),
      ]),
    ).flat(),
  );
  await explore.drop(new Map([['digits.zip', zipSync(digits)]]));
  await expect(explore.messages).toContainText('knows these classes by their names');
  await expect(explore.messages).toContainText('This browser has no room to keep these pictures');
  await done(explore);
  await expect(explore.matrices.last()).toHaveAccessibleName(/of 10 test images right$/);
  await expect(page).not.toHaveURL(/last=/);
});

test('a dataset of the Hugging Face Hub comes by its name, stays with its commit, and refusals are sentences', async ({
  page,
  explore,
  complaints,
}) => {
  const sha = '5e'.repeat(20);
  const table = (each: number, from: number) =>
    parquetOf({
      names: CLASSES,
      rows: Array.from({ length: each * CLASSES.length }, (_, i) => ({
        picture: picture(i % CLASSES.length, from + i),
        label: i % CLASSES.length,
      })),
    });
  const hub = {
    ...{ id: 'own/things', sha },
    files: {
      'data/train-00000-of-00001.parquet': table(20, 0),
      'data/test-00000-of-00001.parquet': table(4, 1000),
    },
  };
  let isThere = true;
  await page.context().route('https://huggingface.co/**', async (route) => {
    if (!isThere) return route.abort('connectionrefused');
    const { status, code, body } = hubAnswer(hub, route.request().url());
    const headers = {
      'access-control-allow-origin': '*',
      'access-control-expose-headers': 'X-Error-Code',
      ...(code && { 'x-error-code': code }),
    };
    return route.fulfill({ status, headers, body: Buffer.from(body) });
  });
  await explore.open('?data=strokes&train=200&test=100&backend=wasm');
  await explore.openMenu(/^Images/);
  const field = menuOf(explore).getByRole('textbox', { name: 'Hugging Face Hub' });
  const fetch = menuOf(explore).getByRole('button', { name: 'Fetch' });
  await field.fill('own/nothing');
  await fetch.click();
  await expect(explore.messages).toContainText('There is no public dataset “own/nothing”');
  // What was on screen stays.
  await expect(page).toHaveURL(/data=strokes/);
  await field.fill('https://huggingface.co/datasets/own/things');
  await fetch.click();
  await expect(explore.messages).toContainText('was trained on other classes: the class means');
  await done(explore);
  await expect(explore.matrices.last()).toHaveAccessibleName(/of 20 test images right$/);
  await expect(page).toHaveURL(new RegExp(`hub=own%2Fthings%40${sha}&.*last=nearest-mean`));
  await expect(page.getByText('own/things').first()).toBeVisible();
  await test.step('a reload finds it in this browser', async () => {
    isThere = false;
    await page.reload();
    await done(explore);
    await expect(explore.matrices.last()).toHaveAccessibleName(/of 20 test images right$/);
    await explore.openMenu(/^Images/);
    const kept = menuOf(explore).getByRole('region', { name: 'Pictures opened before' });
    await expect(kept).toContainText('own/things 120 pictures of 5 classes');
    await field.fill('own/other');
    await fetch.click();
    await expect(explore.messages).toContainText('The Hugging Face Hub could not be reached');
  });
  // What the browser says of the refusals, which the page has said in words.
  expect(complaints.filter((complaint) => !/huggingface|40\d|CONNECTION/.test(complaint))).toEqual(
    [],
  );
  complaints.length = 0;
});
