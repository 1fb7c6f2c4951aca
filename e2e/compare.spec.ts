import { readFile } from 'node:fs/promises';
import { expect, SMALL, test } from './page.ts';

test('methods race under one budget, and their curves, costs and disagreements are shown', async ({
  page,
  explore,
}) => {
  await page.goto(`./${SMALL}&page=compare&epochs=1`);
  const table = page.getByRole('group', { name: 'Methods at a budget' }).getByRole('table');
  await page.getByRole('button', { name: 'Race', exact: true }).click();
  await expect(table.getByRole('row', { name: /^E2CM, run here/ })).toBeVisible();
  const sdn = table.getByRole('row', { name: /^SDN, 1 epoch, seed 1, run here/ });
  await expect(sdn).toBeVisible();
  // E2CM has no gradients; SDN has.
  await expect(table.getByRole('row', { name: /^E2CM, run here/ })).toContainText('none');
  await expect(sdn).not.toContainText('none');
  await expect(page.locator('.compare-chart path.recharts-line-curve')).not.toHaveCount(0);

  // The race goes on with the other methods: it ends by itself.
  await expect(page.getByRole('button', { name: 'Race', exact: true })).toBeVisible({
    timeout: 90_000,
  });
  // Thresholds by class are found anew on what raced; two judges have none.
  const searches = page.getByRole('combobox', { name: 'thresholds by' });
  await searches.selectOption('class-aware');
  await expect(table.getByRole('row', { name: /^E2CM\+SDN, .*run here/ })).toContainText(
    'not by class',
  );
  await expect(sdn).not.toContainText('not by class');
  await searches.selectOption('frontier');
  const found = page.getByRole('region', { name: 'Where they disagree' });
  await expect(found).toContainText('Of 400 test images');
  const counts = await found.locator('.verdicts b').allTextContents();
  expect(counts.map(Number).reduce((sum, n) => sum + n, 0)).toBe(400);
  await found.getByRole('button', { name: /^both right/ }).click();
  await found
    .getByRole('button', { name: /^E2CM: / })
    .first()
    .click();
  await expect(explore.matrices).toHaveCount(10);
  await explore.finished();
  await expect(explore.setBy).toContainText('thresholds from the link');
  await expect(explore.image.getByRole('spinbutton')).not.toHaveValue('');
});

test('a race can be stopped, and what has finished stays', async ({ page }) => {
  await page.goto('./?data=strokes&train=3000&test=400&backend=wasm&page=compare&epochs=300');
  await page.getByRole('button', { name: 'Race', exact: true }).click();
  await expect(page.locator('.compare-table')).toContainText('E2CM, run here');
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Race', exact: true })).toBeVisible();
  await expect(page.locator('.compare-table')).toContainText('E2CM, run here');
  await expect(page.locator('.compare-table')).not.toContainText('SDN');
  await expect(page.getByRole('button', { name: /^Race on/ })).toBeVisible();
});

test('a race that Explore ends says so, keeps what it has, and can be raced on', async ({
  page,
  explore,
}) => {
  await page.goto(`./${SMALL}&page=compare&epochs=300&race=e2cm_sdn`);
  await page.getByRole('button', { name: 'Race', exact: true }).click();
  await expect(page.locator('.compare-table')).toContainText('E2CM, run here');
  await expect(page.locator('.race-words')).toContainText('2/2 SDN: training');
  await page.getByRole('link', { name: 'Explore' }).click();
  // What a person did last wins: Explore's run goes through.
  await explore.finished();
  await expect(explore.messages).toContainText(
    'The race ended after 1 of 2 methods because Explore computes now.',
  );
  await page.getByRole('link', { name: 'Compare' }).click();
  await expect(page.locator('.compare-table')).toContainText('E2CM, run here');
  await page.getByRole('button', { name: 'Race on (1 left)' }).click();
  await expect(page.locator('.race-words')).toContainText('1/1 SDN');
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  // Explore still shows its run, and looking at it does not run it again.
  await page.getByRole('link', { name: 'Explore' }).click();
  await expect(explore.progress).toContainText('done in');
});

test('a race goes on while Explore shows a run that needs no engine', async ({ page, explore }) => {
  await page.goto('./?data=strokes&backend=wasm&page=compare&race=sdn&epochs=300&from=recorded');
  await page.getByRole('button', { name: 'Race', exact: true }).click();
  await expect(page.locator('.race-words')).toContainText('1/1 SDN: features');
  await page.getByRole('link', { name: 'Explore' }).click();
  await explore.replayed();
  await page.getByRole('link', { name: 'Compare' }).click();
  await expect(page.locator('.race-words')).toContainText('1/1 SDN: ');
  await expect(explore.messages).not.toContainText('The race ended');
});

test('a page opened on Compare computes nothing until somebody races or opens Explore', async ({
  page,
  explore,
}) => {
  await page.goto(`./${SMALL}&page=compare`);
  await expect(page.getByRole('heading', { name: /^Methods on Strokes/ })).toBeVisible();
  const backend = page.getByRole('banner').getByRole('button', { name: 'no backend yet' });
  await expect(backend).toBeVisible();
  // Another choice of images only changes what would race.
  await explore.openMenu(/^Images/);
  await page.getByRole('button', { name: /^CIFAR-10 / }).click();
  await expect(page.getByRole('heading', { name: /^Methods on CIFAR-10/ })).toBeVisible();
  await expect(page).not.toHaveURL(/data=strokes/);
  await page.keyboard.press('Escape');
  await explore.openMenu(/^Images/);
  await page.getByRole('button', { name: /^Strokes/ }).click();
  await expect(page).toHaveURL(/data=strokes/);
  await expect(backend).toBeVisible();
  await page.getByRole('link', { name: 'Explore' }).click();
  await explore.finished();
});

test('what Compare shows is in its link', async ({ page }) => {
  await page.goto('./?page=compare&network=resnet18-cifar10');
  const table = page.locator('.compare-table');
  await expect(table.getByRole('row', { name: /^E2CM, recorded/ })).toBeVisible();
  await page.getByRole('button', { name: 'at 0.30' }).click();
  await page.getByRole('checkbox', { name: 'BWDS' }).uncheck();
  await page.getByLabel('thresholds by').selectOption('paper');
  const first = page.getByLabel('First method');
  await expect(first).toBeVisible();
  const before = await first.inputValue();
  await first.selectOption({ index: 1 });
  const pair = await first.inputValue();
  expect(pair).not.toBe(before);
  await page.getByLabel('Epochs', { exact: true }).fill('6');
  await page.getByLabel('Epochs', { exact: true }).press('Enter');
  await expect(page).toHaveURL(/at=0\.3&pair=/);
  await page.reload();
  await expect(table.locator('th.pinned')).toHaveText('at 0.30');
  await expect(page.getByRole('checkbox', { name: 'BWDS' })).not.toBeChecked();
  await expect(page.getByLabel('thresholds by')).toHaveValue('paper');
  await expect(first).toHaveValue(pair);
});

test('another search draws what raced anew', async ({ page }) => {
  await page.goto(`./${SMALL}&page=compare&race=e2cm`);
  await page.getByRole('button', { name: 'Race', exact: true }).click();
  const row = page.locator('.compare-table').getByRole('row', { name: /^E2CM, run here/ });
  await expect(row).toBeVisible();
  const cells = row.getByRole('cell');
  const before = await cells.allTextContents();
  await page.getByLabel('thresholds by').selectOption('paper');
  await expect.poll(() => cells.allTextContents()).not.toEqual(before);
  await page.getByLabel('thresholds by').selectOption('frontier');
  await expect.poll(() => cells.allTextContents()).toEqual(before);
});

test('the browser asks before a race is left, and the page opened anew can race again', async ({
  page,
}) => {
  await page.goto(`./${SMALL}&page=compare&epochs=300&race=sdn`);
  await page.getByRole('button', { name: 'Race', exact: true }).click();
  await expect(page.locator('.race-words')).toContainText('training');
  const asked: string[] = [];
  page.on('dialog', (dialog) => {
    asked.push(dialog.type());
    void dialog.accept();
  });
  await page.reload();
  expect(asked).toEqual(['beforeunload']);
  await expect(page.getByLabel('Epochs', { exact: true })).toHaveValue('300');
  await page.getByLabel('Epochs', { exact: true }).fill('1');
  await page.getByLabel('Epochs', { exact: true }).press('Enter');
  await page.getByRole('button', { name: 'Race', exact: true }).click();
  await expect(page.locator('.compare-table')).toContainText('SDN, 1 epoch, seed 1, run here');
});

test('an image opened on the exit map comes with the run that was compared', async ({
  page,
  explore,
}) => {
  // Explore is set to another seed and another way for unsure images than the recorded runs have.
  await page.goto('./?page=compare&epochs=1&seed=2&unconfident=most-confident&race=e2cm_sdn');
  const found = page.getByRole('region', { name: 'Where they disagree' });
  await expect(found).toContainText('Of 10,000 test images');
  await found
    .getByRole('button', { name: /^SDN: / })
    .first()
    .click();
  await explore.replayed();
  await expect(explore.setBy).toContainText('thresholds from the link');
  await expect(page).toHaveURL(/method=sdn&epochs=1(?!.*(seed|unconfident)=)/);
});

test('the rule of agreement is chosen beside the race, and named with every result', async ({
  page,
}) => {
  await page.goto('./?data=kmnist&page=compare&epochs=1&race=sdn_e2cm-sdn');
  const row = page.locator('.compare-table').getByRole('row', { name: /^E2CM\+SDN/ });
  await expect(row).toHaveText(/^E2CM\+SDN, both confident, 1 epoch, seeds 1, 2, 3, recorded/);
  const both = await row.getByRole('cell').allTextContents();
  await page.getByLabel('E2CM+… leaves').selectOption('or');
  await expect(row).toHaveText(/^E2CM\+SDN, either confident, 1 epoch, seeds 1, 2, 3, recorded/);
  expect(await row.getByRole('cell').allTextContents()).not.toEqual(both);
  await expect(page).toHaveURL(/agreement=or/);
  await page.getByRole('button', { name: '100', exact: true }).click();
  await page.getByRole('checkbox', { name: 'BranchyNet', exact: true }).check();
  // Nobody trained it from scratch for so long: its longest run stands in, under its own number.
  const longest = page.locator('.compare-table').getByRole('row', { name: /^BranchyNet/ });
  await expect(longest).toHaveText(/^BranchyNet, 6 epochs, seeds 1, 2, 3, recorded/);
  await expect(page.getByText('the most that was recorded')).toBeVisible();
  await page.getByRole('checkbox', { name: 'E2CM', exact: true }).check();
  const epochs = page.getByLabel('Epochs', { exact: true });
  await epochs.fill('3');
  await epochs.press('Enter');
  await expect(page.getByText('BranchyNet (but for 1, 6')).toBeVisible();
});

test('recorded runs are compared before anything is computed', async ({ page }) => {
  await page.goto('./?page=compare');
  const row = page.locator('.compare-table').getByRole('row', { name: /^E2CM, recorded/ });
  await expect(row).toContainText('50,000 images');
  await row.page().getByRole('button', { name: 'at 0.30' }).click();
  await expect(page.locator('.compare-table th.pinned')).toHaveText('at 0.30');
  // A figure that is taken away says which curve is whose.
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'SVG', exact: true }).click();
  const svg = await readFile(await (await saved).path(), 'utf8');
  expect(svg).toContain('>E2CM+SDN, both confident, 6 epochs, seeds 1, 2, 3, recorded</text>');
});
