import { cycle, idxLabelsFile, idxSet } from '../src/data/testing.ts';
import { EXITS, expect, test, type Explore } from './page.ts';

async function takenForMnist(explore: Explore, files: ReadonlyMap<string, Uint8Array>) {
  await explore.drop(files);
  await expect(explore.messages).toContainText('Your files are complete.');
  await explore.openMenu(/^Images/);
  const menu = explore.page.getByRole('group', { name: 'Images', exact: true });
  await expect(menu).toContainText('none of the published ones');
  await menu.getByRole('status').getByRole('button', { name: 'MNIST', exact: true }).click();
}

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
    'Training images: 60 instead of 60,000; test images: 40 instead of 10,000; the files are not (all) the published MNIST files; 40 test images are among the training images too.',
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
