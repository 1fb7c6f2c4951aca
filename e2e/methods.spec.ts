import { expect, SMALL, test } from './page.ts';

const SDN = `${SMALL}&method=sdn&epochs=2`;

test('SDN trains its classifiers here, with loss and accuracy, and is steered like E2CM', async ({
  page,
  explore,
}) => {
  await explore.open(SDN);
  // Six internal classifiers and the network's own.
  await expect(explore.matrices).toHaveCount(7);
  await expect(
    page.getByRole('heading', { name: 'What the internal classifier knows at each exit' }),
  ).toBeVisible();
  const rows = page.locator('.training-table tbody tr');
  await expect(rows).toHaveCount(6);
  for (const row of await rows.all()) {
    const [epoch, loss, right] = await row.locator('td').allTextContents();
    expect(epoch).toBe('2');
    expect(Number(loss)).toBeGreaterThan(0);
    expect(Number(loss)).toBeLessThan(2.3);
    expect(Number(right!.replace(' %', ''))).toBeGreaterThan(20);
  }
  await expect(page.getByText('max softmax of the internal classifier ≥ T')).toBeVisible();
  const accuracies = await explore.exitAccuracies();
  expect(accuracies.at(-1)).toBeGreaterThan(0.9);
  const before = await explore.leavingCounts();
  await explore.thresholds.first().press('End');
  const after = await explore.leavingCounts();
  expect(after[0]).toBe(400);
  expect(before[0]).toBeLessThan(400);
  await explore.image.getByRole('spinbutton').fill('3');
  await expect(explore.image.getByText('softmax(W·x + b)')).toBeVisible();
});

test('another method, budget or seed is another run, and the link carries it', async ({
  page,
  explore,
}) => {
  await explore.open();
  await explore.select('Method').selectOption('sdn');
  await explore.finished();
  await expect(explore.matrices).toHaveCount(7);
  await expect(page).toHaveURL(/method=sdn/);
  const six = await page.locator('.training-table tbody td:nth-child(3)').allTextContents();
  const epochs = page.getByRole('banner').getByLabel('Epochs');
  await epochs.fill('1');
  await epochs.press('Enter');
  await expect(page.locator('.training-table tbody td:nth-child(2)').first()).toHaveText('1');
  await explore.finished();
  await expect(page).toHaveURL(/epochs=1/);
  const one = await page.locator('.training-table tbody td:nth-child(3)').allTextContents();
  // Less training, more loss at every exit.
  one.forEach((loss, j) => expect(Number(loss)).toBeGreaterThan(Number(six[j])));
  for (const [typed, came] of [
    ['0', '“0”'],
    ['1.5', '“1.5”'],
    ['1e9', '“1e9”'],
    ['', 'no number'],
  ] as const) {
    await epochs.fill(typed);
    await epochs.press('Enter');
    await expect(epochs).toHaveValue('1');
    await expect(explore.messages).toContainText(
      `A training budget is a whole number of epochs from 1 to 1000; ${came} came. It stays at 1.`,
    );
  }
  // And nothing ran for it.
  await expect(explore.progress).toContainText('done in');
});

test('a training that is stopped in an epoch keeps what was learnt, and its curves can be had', async ({
  page,
  explore,
}) => {
  await page.addInitScript(() => {
    const watched = Object.assign(window, { tallest: 0 });
    const look = new ResizeObserver(([bar]) => {
      watched.tallest = Math.max(watched.tallest, bar!.borderBoxSize[0]!.blockSize);
    });
    new MutationObserver((_, mutations) => {
      const bar = document.querySelector('header.bar');
      if (!bar) return;
      mutations.disconnect();
      look.observe(bar);
    }).observe(document, { childList: true, subtree: true });
  });
  await page.goto(`./${SMALL}&method=sdn&epochs=1000`);
  const epochs = page.locator('.training-table tbody td:nth-child(2)');
  await expect(epochs).toHaveCount(6);
  await expect(epochs.first()).not.toHaveText(/^1( |$)/);
  await explore.stopButton.click();
  await expect(explore.progress).toContainText('Stopped; what was finished stays.');
  await page.getByRole('button', { name: 'Use what was learnt' }).click();
  await expect(explore.progress).toContainText('Traced with a stopped training.');
  await expect(explore.matrices).toHaveCount(7);
  await expect(explore.operatingPoint).toBeVisible();
  await expect(page.getByRole('region', { name: 'Training' })).toContainText('stopped · 600');
  await explore.image.getByRole('spinbutton').fill('3');
  await expect(explore.image.getByText('softmax(W·x + b)')).toBeVisible();
  // Whatever it said meanwhile, the bar was one row of 1440 pixels.
  expect(await page.evaluate(() => (window as unknown as { tallest: number }).tallest)).toBe(56);
});

test('a training without images of some classes says which', async ({ explore }) => {
  await explore.open('?data=strokes&train=6&test=40&backend=wasm&method=sdn&epochs=1');
  await expect(explore.messages).toContainText(
    /No training image of .* was used: the internal classifiers learn to avoid/,
  );
});

test('a page loaded anew in the middle of a training trains again by its link, after it what was trained is kept', async ({
  page,
  explore,
}) => {
  await page.goto(`./${SMALL}&method=sdn&epochs=300`);
  await expect(page.locator('.training-table')).toBeVisible();
  await page.reload();
  await expect(explore.progress).toContainText('training');
  await explore.stopButton.click();
  const epochs = page.getByRole('banner').getByLabel('Epochs');
  await epochs.fill('1');
  await epochs.press('Enter');
  await explore.finished();
  const trained = await explore.exitAccuracies();
  await page.reload();
  await expect(explore.progress).toContainText('Traced with what was learnt before.');
  await expect(explore.messages).toContainText('kept in this browser: nothing is trained again.');
  await expect(explore.messages.getByRole('button', { name: 'Train anew' })).toBeVisible();
  expect(await explore.exitAccuracies()).toEqual(trained);
});

for (const [method, unit] of [
  ['e2cm-sdn', /an image leaves where .* ≥ T/],
  ['bwds', /an image leaves where .* ≥ T/],
] as const)
  test(`${method} goes through the same views`, async ({ page, explore }) => {
    await explore.open(`${SMALL}&method=${method}&epochs=1`);
    await expect(explore.matrices).toHaveCount(7);
    await expect(page.getByText(unit)).toBeVisible();
    const accuracies = await explore.exitAccuracies();
    expect(accuracies.at(-1)).toBeGreaterThan(0.9);
    const before = await explore.leavingCounts();
    await explore.thresholds.first().press('PageUp');
    const after = await explore.leavingCounts();
    expect(after[0]).toBeGreaterThan(before[0]!);
    await explore.image.getByRole('spinbutton').fill('3');
    await expect(explore.image.getByText(/^Leaves at/)).toBeVisible();
  });

test('two judges have a threshold each, and go together by another rule without another run', async ({
  page,
  explore,
}) => {
  await explore.open(`${SMALL}&method=e2cm-sdn&epochs=1&agreement=or`);
  await explore.finished();
  const note = page.locator('.policy-row');
  await expect(note).toContainText('or that of the class means ≥ a T of its own');
  await page
    .getByRole('button', { name: /^Thresholds of .* by judge$/ })
    .first()
    .click();
  const dialog = page.getByRole('dialog');
  const rows = dialog.getByRole('row');
  await expect(rows).toHaveText([/judge/, /^classifier[\d,]+ of/, /^class means[\d,]+ of/]);
  const before = await rows.last().textContent();
  const leaving = await explore.leavingCounts();
  await dialog.getByRole('slider').last().press('PageUp');
  await expect(rows.last()).not.toHaveText(before!);
  expect((await explore.leavingCounts())[0]).toBeGreaterThanOrEqual(leaving[0]!);
  await dialog.getByRole('button', { name: 'Close' }).click();
  await explore.image.getByRole('spinbutton').fill('3');
  await expect(explore.image.getByText(/^Leaves at/)).toBeVisible();
  await explore.image.getByText(/^Every exit .*in numbers$/).click();
  await expect(
    explore.image.getByRole('columnheader', { name: 'class means: label' }),
  ).toBeVisible();
  const seen = await explore.exitAccuracies();
  await page.getByLabel('An image leaves').selectOption('by-label');
  await expect(page).toHaveURL(/agreement=by-label/);
  await expect(note).toContainText('one T where the class means name the same class');
  await expect(page.getByRole('button', { name: /by label$/ }).first()).toBeVisible();
  expect(await explore.exitAccuracies()).toEqual(seen);
  await expect(explore.progress).not.toContainText('training');
});

test('corrupted images show where thresholds stop to hold, and costs are measured here', async ({
  page,
  explore,
}) => {
  await explore.open(`${SMALL}&method=e2cm`);
  await explore.finished();
  await page.getByText('When images change').click();
  await page.getByRole('combobox', { name: /^Test images/ }).selectOption('less contrast');
  await page.getByRole('button', { name: 'Corrupt and trace' }).click();
  const rows = page.getByRole('group', { name: 'Corrupted images' }).getByRole('row');
  await expect(rows).toHaveCount(7);
  const cells = await rows.last().getByRole('cell').allTextContents();
  const first = await rows.nth(1).getByRole('cell').allTextContents();
  expect(parseFloat(cells[1]!)).toBeLessThan(parseFloat(first[1]!));
  await page.getByText('Count in milliseconds, joules').click();
  await page.getByRole('button', { name: 'Measure on this machine' }).click();
  await expect(page.getByText(/^Now: ms, measured here: CPU · wasm/)).toBeVisible();
  await expect(page.getByLabel('Cost of leaving at each exit')).toHaveValue(/network [\d.]+$/);
  await expect(page.getByText(/relative to the plain network/).first()).toContainText('ms');
});

const BRANCHY = `${SMALL}&network=resnet18-w16-strokes-branchy`;

test('BranchyNet holds entropies against thresholds: sliders go the same way', async ({
  page,
  explore,
}) => {
  await explore.open(`${BRANCHY}&method=branchynet`);
  await expect(explore.matrices).toHaveCount(3);
  await expect(
    page.getByRole('heading', { name: 'What the branch knows at each exit' }),
  ).toBeVisible();
  await expect(page.getByText('entropy of the branch in nats < T')).toBeVisible();
  const accuracies = await explore.exitAccuracies();
  expect(accuracies.at(-1)).toBeGreaterThan(0.9);
  const slider = explore.thresholds.first();
  await slider.press('End');
  expect((await explore.leavingCounts())[0]).toBe(400);
  await slider.press('Home');
  expect((await explore.leavingCounts())[0]).toBe(0);
  await slider.press('PageUp');
  expect((await explore.leavingCounts())[0]).toBe(40);
  await explore.image.getByRole('spinbutton').fill('3');
  await expect(explore.image.getByText(/^Leaves at/)).toBeVisible();
});

test('E2CM+BranchyNet leaves by branch and class means', async ({ page, explore }) => {
  await explore.open(`${BRANCHY}&method=e2cm-branchynet`);
  await expect(explore.matrices).toHaveCount(3);
  await expect(
    page.getByText(/the entropy of the branch lacks of ln K, in nats ≥ T/),
  ).toBeVisible();
  expect((await explore.exitAccuracies()).at(-1)).toBeGreaterThan(0.9);
});

test('BranchyNet on a network without branches says what it takes', async ({ page, explore }) => {
  await page.goto(`./${SMALL}&method=branchynet`);
  await expect(explore.messages).toContainText('has no branches');
  await expect(explore.messages).toContainText('Choose the recorded run, a network with branches');
});
