import type { Page } from '@playwright/test';
import { Mirror, MIRRORED } from '../tiny-mirror.ts';
import { EXITS, expect, SMALL, test, type Explore } from '../page.ts';

const open = (page: Page, name: 'Explore' | 'Unsupervised' | 'Compare' | 'Paper') =>
  page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name, exact: true }).click();

/** Whether the image beside its story is of CIFAR-10 or of MNIST, from its pixels: the mirror's are colours and greys. */
async function pictured({ image }: Explore): Promise<'colour' | 'grey' | 'black' | null> {
  const picture = image.getByRole('img', { name: /^test image 4/ });
  if ((await picture.count()) === 0) return null;
  const [r, g, b] = await picture.evaluate((canvas: HTMLCanvasElement) => {
    const { width, height } = canvas;
    return [...canvas.getContext('2d')!.getImageData(width / 2, height / 2, 1, 1).data];
  });
  if (r === 0 && g === 0 && b === 0) return 'black';
  return r === g && g === b ? 'grey' : 'colour';
}

/** A recorded run is on screen; the searches of its thresholds may go on. */
async function replayed({ progress }: Explore): Promise<void> {
  await expect(progress).toContainText('recorded run', { timeout: 30_000 });
}

/** What is said once the images of a dataset are there: of the recorded ones the mirror has the first few. */
function arrived(id: keyof typeof MIRRORED): string {
  // Its batches of training images are copies of one.
  const train = id === 'cifar-10' ? MIRRORED[id].train / 5 : MIRRORED[id].train;
  return `${20_000 - train - MIRRORED[id].test} of the 20000 images of the recorded run are not among these.`;
}

// A recorded run has the room of 20,000 images, however few of them are here.
test.slow();

test('images of another page that come late stay on that page', async ({ context, explore }) => {
  const { page } = explore;
  const mirror = await Mirror.open(context);
  await page.goto('./?image=4&backend=wasm');
  await replayed(explore);
  await expect.poll(() => pictured(explore), { timeout: 60_000 }).toBe('colour');
  mirror.hold('mnist');
  await open(page, 'Unsupervised');
  await mirror.asked('mnist');
  await open(page, 'Explore');
  await expect(explore.matrices).toHaveCount(EXITS);
  mirror.release('mnist');
  await expect(explore.messages).toContainText(arrived('mnist'));
  expect(await pictured(explore)).toBe('colour');
  await expect(
    explore.image.getByRole('img', { name: 'test image 4, true class deer' }),
  ).toBeVisible();
  await expect(explore.image).not.toContainText('true class 4');
});

test('images that another page overtook still come', async ({ context, explore }) => {
  const { page } = explore;
  const mirror = await Mirror.open(context);
  mirror.hold('cifar-10');
  await page.goto('./?image=4&backend=wasm');
  await replayed(explore);
  await mirror.asked('cifar-10');
  await expect(explore.recorded).toContainText('The images are on their way.');
  await open(page, 'Unsupervised');
  await expect(explore.messages).toContainText(arrived('mnist'));
  await open(page, 'Explore');
  mirror.release('cifar-10');
  await expect(explore.recorded).not.toContainText('The images are on their way.');
  await expect.poll(() => pictured(explore), { timeout: 60_000 }).toBe('colour');
  await open(page, 'Unsupervised');
  await explore.image.getByRole('spinbutton').fill('4');
  await expect.poll(() => pictured(explore), { timeout: 60_000 }).toBe('grey');
});

test('thresholds of a link wait for the run that they are of, whatever page is looked at meanwhile', async ({
  context,
  explore,
}) => {
  const { page } = explore;
  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  await context.route('**/runs/cifar-10-resnet18-cifar10-e2cm-*.bin', async (route) => {
    await held;
    await route.continue().catch(() => undefined);
  });
  const thresholds = '0.31_0.32_0.33_0.34_0.35_0.36_0.37_0.38_0.39';
  await page.goto(`./?T=${thresholds}`);
  await expect(explore.progress).toContainText(/Recorded runs|Starting/);
  await open(page, 'Unsupervised');
  await replayed(explore);
  await open(page, 'Explore');
  letGo();
  await expect(explore.matrices).toHaveCount(EXITS);
  await replayed(explore);
  await expect(explore.setBy).toHaveText(/^thresholds from the link/);
  await expect(explore.messages).not.toContainText('They were ignored.');
  await expect(page).toHaveURL(new RegExp(`T=${thresholds}`));
});

test('a server that was away for a moment is asked again at the next run', async ({
  context,
  explore,
  complaints,
}) => {
  const { page } = explore;
  const mirror = await Mirror.open(context);
  mirror.goDown();
  await page.goto('./?backend=wasm');
  await replayed(explore);
  await explore.runButton.click();
  await expect(explore.messages.getByRole('alert')).toContainText(
    /There are no CIFAR-10 images here/,
  );
  mirror.comeBack();
  await explore.runButton.click();
  await explore.finished();
  await expect(explore.matrices.first()).toHaveAccessibleName(
    new RegExp(`of ${MIRRORED['cifar-10'].test} test images right$`),
  );
  complaints.length = 0;
});

test('an engine that could not start is started anew at the next run', async ({
  context,
  explore,
  complaints,
}) => {
  const { page } = explore;
  await context.route('**/*.wasm', (route) => route.abort());
  await page.goto(`./${SMALL}`);
  await expect(explore.progress).toContainText('Did not run; see the message.');
  await context.unroute('**/*.wasm');
  await explore.runButton.click();
  await explore.finished();
  await expect(explore.matrices).toHaveCount(EXITS);
  complaints.length = 0;
});
