import { zipSync } from 'fflate';
import { cifarFile, cycle, idxImagesFile, idxLabelsFile, idxSet } from '../src/data/testing.ts';
import { EXITS, expect, test, type Explore } from './page.ts';

const without = (names: string): Uint8Array => new TextEncoder().encode(names);

/** What was on screen before a file was refused is still there, and still moves. */
async function keepsWhatItHad(explore: Explore, before: readonly number[]): Promise<void> {
  expect(await explore.leavingCounts()).toEqual(before);
  await expect(
    explore.page.getByRole('banner').getByRole('button', { name: /^Images/ }),
  ).toHaveText(/Strokes/);
  await explore.thresholds.first().press('PageDown');
  expect((await explore.leavingCounts())[0]).toBeLessThan(before[0]!);
}

test('files that cannot be used are each refused with a sentence, and what was on screen stays', async ({
  explore,
}) => {
  await explore.open();
  const before = await explore.leavingCounts();
  const sevenDimensions = idxImagesFile(10);
  sevenDimensions[3] = 7;
  const image = new Uint8Array(8);
  const names = ['train/cat/1.png', 'train/cat/2.png', 'train/dog/1.png', 'test/cat/1.png'];
  const unlike = idxSet(30, 10);
  unlike.set('train-labels-idx1-ubyte', idxLabelsFile(cycle(29)));
  const cases: readonly [ReadonlyMap<string, Uint8Array>, RegExp][] = [
    [
      new Map([['notes-on-training.txt', without('Dear diary, today I trained.')]]),
      /^notes-on-training\.txt is neither an idx file nor a CIFAR binary file nor .*: it starts with 0x44656172/,
    ],
    [
      new Map([['train-images-idx3-ubyte', sevenDimensions]]),
      /^train-images-idx3-ubyte is an idx file of 7 dimensions; expected 1 or 2/,
    ],
    [
      new Map([['t10k-images-idx3-ubyte', idxImagesFile(10).slice(0, 9)]]),
      /^t10k-images-idx3-ubyte is cut off: expected 16 bytes of header, but it ends after 9 bytes/,
    ],
    [
      new Map([['mnist-train.zip', without('PK\u0003\u0004 and so on')]]),
      /^mnist-train\.zip is no whole zip archive .* Write or download it again\.$/,
    ],
    [
      new Map([['photos.zip', zipSync(Object.fromEntries(names.map((name) => [name, image])))]]),
      /^None of the training pictures can be used\. photos\/train\/cat\/1\.png is no picture that is read here/,
    ],
    [
      unlike,
      /train-images-idx3-ubyte holds 30 images, but train-labels-idx1-ubyte holds 29 labels/,
    ],
  ];
  for (const [files, sentence] of cases) {
    await explore.drop(files);
    // All that is said about a file is in one message.
    await expect(explore.messages.getByText(sentence)).toHaveCount(1);
  }
  await keepsWhatItHad(explore, before);
});

test('files that are still missing are named', async ({ page, explore }) => {
  await explore.open();
  await explore.drop(new Map([['data_batch_1.bin', cifarFile(cycle(20), 'cifar-10')]]));
  await expect(explore.messages).toContainText('CIFAR-10 still needs data_batch_2.bin');
  await explore.openMenu(/^Images/);
  await expect(page.getByRole('group', { name: 'Images', exact: true })).toContainText(
    'Still missing: data_batch_2.bin',
  );
});

async function takenForMnist(explore: Explore, files: ReadonlyMap<string, Uint8Array>) {
  await explore.drop(files);
  await expect(explore.messages).toContainText('Your files are complete.');
  await explore.openMenu(/^Images/);
  const menu = explore.page.getByRole('group', { name: 'Images', exact: true });
  await expect(menu).toContainText('none of the published ones');
  await menu.getByRole('status').getByRole('button', { name: 'MNIST', exact: true }).click();
}

test('a truncated file is refused when it is read', async ({ explore }) => {
  await explore.open();
  const before = await explore.leavingCounts();
  const files = idxSet(30, 10);
  files.set('t10k-images-idx3-ubyte', idxImagesFile(10).slice(0, 5000));
  await takenForMnist(explore, files);
  await expect(
    explore.messages.getByText(
      /^t10k-images-idx3-ubyte is cut off: expected 10 images of 28 × 28 \(7,856 bytes\), but it ends after 5,000 bytes/,
    ),
  ).toHaveCount(1);
  await keepsWhatItHad(explore, before);
});

test('a label out of range is refused', async ({ explore }) => {
  await explore.open();
  const before = await explore.leavingCounts();
  const files = idxSet(30, 10);
  files.set('train-labels-idx1-ubyte', idxLabelsFile(cycle(30, 12)));
  await takenForMnist(explore, files);
  await expect(
    explore.messages.getByText(
      /^train-labels-idx1-ubyte gives image 10 the label 10; expected 0 … 9/,
    ),
  ).toHaveCount(1);
  await keepsWhatItHad(explore, before);
});

test('files of a person’s own run as the dataset that they are taken for', async ({
  page,
  explore,
}) => {
  await explore.open();
  await takenForMnist(explore, idxSet(60, 40));
  await expect(explore.matrices.first()).toHaveAccessibleName(/of 40 test images right$/);
  await explore.finished();
  await expect(explore.matrices).toHaveCount(EXITS);
  await expect(page.getByRole('banner').getByRole('button', { name: /^Images/ })).toHaveText(
    /MNIST/,
  );
  await expect(page).toHaveURL(/data=mnist/);
  await expect(page.getByRole('region', { name: 'About the images' })).toContainText(
    'Training images: 60 instead of 60,000; test images: 40 instead of 10,000; the files are not (all) the published MNIST files.',
  );
});

test('files with classes of a person’s own open as their own, with the nearest class mean at every exit', async ({
  page,
  explore,
}) => {
  await explore.open();
  const files = idxSet(60, 40);
  files.set('train-labels-idx1-ubyte', idxLabelsFile(cycle(60, 3)));
  files.set('t10k-labels-idx1-ubyte', idxLabelsFile(cycle(40, 3)));
  await explore.drop(files);
  await expect(explore.messages).toContainText('Your files are complete.');
  await explore.openMenu(/^Images/);
  const menu = page.getByRole('group', { name: 'Images', exact: true });
  await menu.getByRole('button', { name: 'Open them as your own' }).click();
  await expect(explore.matrices.first()).toHaveAccessibleName(/of 40 test images right$/);
  await explore.finished();
  await expect(page.getByRole('banner').getByRole('button', { name: /^Images/ })).toHaveText(
    /Your files/,
  );
  await expect(page).toHaveURL(/data=files/);
});

test('files can be chosen with the button too', async ({ page, explore }) => {
  await explore.open();
  await explore.openMenu(/^Images/);
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'Open files …' }).click(),
  ]);
  await chooser.setFiles({
    name: 'train-notes.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from('nothing'),
  });
  await expect(explore.messages).toContainText('train-notes.txt is neither an idx file');
  await page.getByRole('button', { name: 'Dismiss this message' }).click();
  await expect(explore.messages.getByRole('alert')).toHaveCount(0);
});
