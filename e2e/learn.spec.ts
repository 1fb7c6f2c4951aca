import { Mirror, MIRRORED } from './tiny-mirror.ts';
import { expect, test } from './page.ts';

test('a recorded run is learnt once more from all training images that are here, not from those that it traced, and it is said where they are fewer', async ({
  page,
  context,
  explore,
}) => {
  await Mirror.open(context);
  await page.goto('./?data=mnist&page=try&backend=wasm');
  const stages = page.getByRole('region', { name: 'Stage by stage' });
  await stages.getByRole('button', { name: 'Learn it here' }).click();
  await expect(stages.getByText(/^Left at .* as/)).toBeVisible({ timeout: 60_000 });
  await expect(explore.messages).toContainText(
    `learnt from the ${MIRRORED.mnist.train} training images that are here; the recorded run had 60,000.`,
  );
});
