import { readFile } from 'node:fs/promises';
import type { Locator, Page } from '@playwright/test';
import AxeBuilder from '@axe-core/playwright';
import { zipSync } from 'fflate';
import { npyFile, npzFile } from '../src/data/arrays/testing.ts';
import { cifar100Classes } from '../src/data/cifar100-classes.ts';
import { expect, test, type Explore } from './page.ts';
import { filesOf, leavingAt, tinyTrace, together, type Files } from './tiny-trace.ts';

const testTrace = tinyTrace('test', 120);
const both = together(
  filesOf(testTrace, 'mynet-test'),
  filesOf(tinyTrace('train', 150), 'mynet-train'),
);

/** The page with nothing of its own to run. */
async function atPage(page: Page, explore: Explore): Promise<void> {
  await page.goto('./');
  await explore.replayed();
}

const strip = (page: Page) => page.getByRole('region', { name: 'Opened trace' });

async function opened(page: Page, explore: Explore): Promise<void> {
  await expect(strip(page)).toBeVisible();
  await expect(explore.progress).toContainText('opened trace');
}

/** Files from a server of another place than the page's. */
async function serve(page: Page, files: Files): Promise<void> {
  await page.route('https://traces.example/**', async (route) => {
    const name = new URL(route.request().url()).pathname.slice(1);
    await route.fulfill({
      headers: { 'access-control-allow-origin': '*' },
      body: Buffer.from(files.get(name)!),
    });
  });
}

async function exported(page: Page, split: 'test' | 'train', explore: Explore): Promise<Files> {
  await explore.select('split').selectOption(split);
  const downloads: Promise<[string, Uint8Array]>[] = [];
  page.on('download', (download) =>
    downloads.push(
      download
        .path()
        .then(async (path) => [download.suggestedFilename(), new Uint8Array(await readFile(path))]),
    ),
  );
  await explore.openMenu('Export');
  await page.getByRole('button', { name: 'Trace (JSON and binary)' }).click();
  await expect.poll(() => downloads.length).toBe(2);
  await page.keyboard.press('Escape');
  page.removeAllListeners('download');
  return new Map(await Promise.all(downloads));
}

test('a dropped trace of an unknown network opens as what it is, and is exported as it came', async ({
  page,
  explore,
}) => {
  await atPage(page, explore);
  await explore.drop(both);
  await opened(page, explore);
  await expect(strip(page)).toContainText(
    /Opened from mynet-test\.trace\.json and mynet-train\.trace\.json: mynet on animals, SDN.*120 test images and 150 training images/,
  );
  await expect(strip(page)).toContainText('PyTorch 2.7, commit abc1234');
  await expect(page.getByRole('banner')).toContainText('mynet');
  await expect(page.getByRole('banner')).toContainText('animals');
  await expect(explore.matrices).toHaveCount(3);
  await expect(explore.searched).toHaveText(/undominated/);
  await expect(explore.operatingPoint).toBeVisible();
  await explore.thresholds.first().press('End');
  expect((await explore.leavingCounts())[0]).toBe(120);

  // Costs in milliseconds, for everything; and FLOPs again.
  const curve = page.getByRole('region', { name: 'Accuracy and cost' });
  await curve.getByText('Count in milliseconds, joules').click();
  await curve.getByLabel('Cost of leaving at each exit').fill('block1 1\nblock2 2');
  await curve.getByRole('button', { name: 'Count in ms' }).click();
  await expect(curve).toContainText('The cost of head is missing.');
  await curve.getByLabel('Cost of leaving at each exit').fill('2\n4\n8');
  await curve.getByLabel('Measured on').fill('a phone, batch 1');
  await curve.getByRole('button', { name: 'Count in ms' }).click();
  await expect(curve).toContainText('ms relative to the plain network');
  await expect(curve.getByText('costs in ms: a phone, batch 1', { exact: true })).toBeVisible();
  await expect(curve).toContainText('Now: ms, a phone, batch 1.');
  await expect(curve.locator('.numbers')).toContainText('0.25of the ms4.0×less, in ms');
  await expect(explore.searched).toHaveText(/undominated/);
  expect((await explore.leavingCounts())[0]).toBe(120);
  expect((await new AxeBuilder({ page }).include('.cost-form').analyze()).violations).toEqual([]);
  await curve.getByRole('button', { name: 'Back to FLOPs' }).click();
  await expect(curve).toContainText('FLOPs relative to the plain network');
  await expect(explore.searched).toHaveText(/undominated/);

  for (const split of ['test', 'train'] as const) {
    const first = await exported(page, split, explore);
    expect([...first.keys()].sort()).toEqual([
      `animals.mynet.sdn.${split}.trace.bin`,
      `animals.mynet.sdn.${split}.trace.json`,
    ]);
    const given = [...both].filter(([name]) => name.includes(split)).map(([, bytes]) => bytes);
    const came = [...first].sort(([one], [other]) => other.localeCompare(one));
    expect(came.map(([, bytes]) => Buffer.from(bytes))).toEqual(
      given.map((bytes) => Buffer.from(bytes)),
    );
  }
  await strip(page).getByRole('button', { name: 'Close this trace' }).click();
  await explore.replayed();
  await expect(strip(page)).toBeHidden();
});

test('traces open by address, with the link’s thresholds, and the address keeps them', async ({
  page,
  explore,
}) => {
  await serve(page, both);
  const at = (split: string): string => `trace=https://traces.example/mynet-${split}.trace.json`;
  await page.goto(`./?${at('test')}&${at('train')}&T=0.6_0.4`);
  await opened(page, explore);
  await expect(explore.setBy).toContainText('thresholds from the link');
  expect(await explore.leavingCounts()).toEqual([...leavingCountsAt([0.6, 0.4])]);
  await explore.thresholds.first().press('PageUp');
  await expect(page).toHaveURL(/trace=[^&]*mynet-test.*trace=[^&]*mynet-train/);
  await page.reload();
  await opened(page, explore);
  await page.getByRole('link', { name: 'Compare' }).click();
  await page.getByRole('link', { name: 'Explore' }).click();
  await expect(strip(page)).toContainText('mynet on animals');
});

/** SDN: an image leaves where its confidence ≥ T. */
function leavingCountsAt(thresholds: readonly number[]): number[] {
  const { count, confidence } = testTrace;
  const leaving = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    const j = thresholds.findIndex((threshold, exit) => confidence[exit * count + i]! >= threshold);
    leaving[j < 0 ? 2 : j]!++;
  }
  return leaving;
}

test('a hundred classes are read by superclass, closely, and found by their names', async ({
  page,
  explore,
}) => {
  const classes = cifar100Classes;
  await serve(page, filesOf(tinyTrace('test', 2000, { classes }), 'many'));
  await page.goto('./?trace=https://traces.example/many.trace.json');
  await opened(page, explore);
  await page.getByRole('button', { name: /^Enlarge the confusion matrix at block2/ }).click();
  const matrix = page.getByRole('dialog', { name: 'Confusion at block2' });
  await expect(matrix.getByLabel('order')).toHaveValue('superclass');
  await matrix.getByLabel('show').selectOption('the 20 groups');
  await expect(matrix.getByRole('row')).toHaveCount(21);
  // Bears are taken for beavers here: two superclasses are shown together.
  await matrix
    .getByRole('button', { name: /images of large carnivores taken for aquatic mammals/ })
    .click();
  await expect(matrix.getByRole('row')).toHaveCount(11);
  await expect(matrix.getByRole('columnheader', { name: 'others' })).toBeVisible();
  await matrix.getByLabel('order').selectOption('the hardest first');
  await expect(matrix.getByLabel('show').locator('option')).toHaveCount(12);
  await matrix.getByLabel('order').selectOption('by superclass');
  await matrix.getByLabel('show').selectOption('large carnivores');
  await matrix.getByRole('button', { name: /images of bear taken for bear/ }).click();
  await expect(matrix).toBeHidden();
  const head = page.locator('.map-head');
  await expect(head).toContainText('bear taken for bear at block2');
  await head.getByRole('button', { name: /remove this filter/ }).click();

  const named = head.getByRole('combobox', { name: 'class' });
  await named.fill('bea');
  await expect(head).toContainText('2,000 test images');
  await named.fill('Beaver');
  await expect(head).toContainText('20 images of 2,000 test images');
  await named.fill('');
  await expect(head).toContainText('2,000 test images');
});

test('a rule that neither the method nor the file states is asked, not guessed', async ({
  page,
  explore,
}) => {
  const exits = Array.from({ length: 12 }, (_, j) => ({
    ...{ name: `exit${j + 1}`, stage: j, flops: 1000 * (j + 1) },
  }));
  const change = { method: 'deebert', classes: ['no', 'yes'], exits };
  const entropies = tinyTrace('test', 200, change);
  await serve(page, filesOf(entropies, 'bert'));
  const thresholds = new Array<number>(11).fill(0.1).join('_');
  await page.goto(`./?trace=https://traces.example/bert.trace.json&T=${thresholds}`);
  const form = page.getByRole('dialog', { name: 'When does an image leave?' });
  await expect(form).toContainText('the method “deebert”');
  await expect(form.getByRole('button', { name: 'Open' })).toBeDisabled();
  await form.getByRole('radio', { name: /^< T/ }).check();
  await form.getByRole('textbox').fill('entropy');
  await form.getByRole('button', { name: 'Open' }).click();
  await opened(page, explore);
  await expect(strip(page)).toContainText('leaves where entropy < T, as was said');
  expect(await explore.leavingCounts()).toEqual(leavingAt(entropies, (c) => c < Math.fround(0.1)));
  await expect(page.getByRole('combobox', { name: 'Method' })).toHaveValue('deebert');
});

test('of a test trace alone it is said why nothing is tuned, and half of it can tune', async ({
  page,
  explore,
}) => {
  await atPage(page, explore);
  const zip = zipSync(
    Object.fromEntries(
      filesOf(testTrace, 'run/mynet-test', (header) => {
        delete header.provenance;
        delete header.budget;
      }),
    ),
  );
  await explore.drop(new Map([['mynet.zip', zip]]));
  await opened(page, explore);
  await expect(strip(page)).toContainText(
    'Not stated: backend, commit, training images, training budget, seed.',
  );
  await expect(page.locator('body')).not.toContainText(/undefined|on their way/);
  await expect(page.getByText('There is no tuned curve')).toContainText('only a test trace');
  await explore.thresholds.first().press('End');
  expect((await explore.leavingCounts())[0]).toBe(120);
  await page.getByRole('button', { name: 'tune on half of the test images' }).click();
  await expect(explore.searched).toHaveText(/undominated/);
  await expect(strip(page)).toContainText('on screen are the 60 that they are measured on');
  await expect(explore.setBy).toContainText('thresholds chosen by the search');
});

test('a training trace that came later, under other names, is paired by choice', async ({
  page,
  explore,
}) => {
  await atPage(page, explore);
  const elsewhere = { network: 'elsenet', dataset: 'plants' };
  await explore.drop(filesOf(tinyTrace('train', 150, elsewhere), 'else-train'));
  await expect(strip(page)).toContainText('elsenet on plants');
  await explore.drop(filesOf(testTrace, 'mynet-test'));
  await expect(strip(page)).toContainText('mynet on animals');
  const partner = strip(page).getByRole('combobox', { name: 'Choose thresholds on' });
  await partner.selectOption({ label: 'elsenet on plants, sdn (else-train.trace.json)' });
  await expect(strip(page)).toContainText(
    'from mynet-test.trace.json and else-train.trace.json: mynet on animals',
  );
  await expect(strip(page)).toContainText('120 test images and 150 training images');
  await expect(explore.searched).toHaveText(/undominated/);
  await expect(partner).toBeHidden();
});

test('logits that NumPy wrote open when what their file does not say is said', async ({
  page,
  explore,
}) => {
  await atPage(page, explore);
  const { count, exits, label } = testTrace;
  // Class k of image i at exit j scores highest where it is the label, and higher the deeper the exit is.
  const scores = Float64Array.from({ length: exits.length * count * 3 }, (_, at) => {
    const [k, i, j] = [at % 3, Math.floor(at / 3) % count, Math.floor(at / 3 / count)];
    return k === label[i] ? ((i * 7 + j * 11) % 13) / 4 - 0.6 : 0;
  });
  const npz = npzFile({
    logits: npyFile([exits.length, count, 3], scores),
    labels: npyFile([count], label, '|u1'),
  });
  await explore.drop(new Map([['run.npz', npz]]));
  const form = page.getByRole('dialog', { name: 'What is in run.npz?' });
  await expect(form.getByLabel('Scores', { exact: true })).toHaveValue(/logits/);
  await expect(form.getByLabel('True labels')).toHaveValue(/labels/);
  await form.getByRole('button', { name: 'Open' }).click();
  await expect(form.getByRole('alert')).toContainText('5 answers are missing');
  await expect(form.getByLabel('Which split it is')).toHaveAccessibleDescription(/which split/);
  expect((await new AxeBuilder({ page }).include('dialog').analyze()).violations).toEqual([]);
  await form.getByLabel('Which split it is').selectOption('test');
  await form.getByLabel('Network', { exact: true }).fill('msdnet');
  await form.getByLabel('Cost of leaving at each exit').fill('1, 2');
  await form.getByLabel('Unit of the costs').selectOption('FLOPs');
  await form.getByLabel('Is the last exit the plain network?').selectOption('yes');
  await form.getByRole('button', { name: 'Open' }).click();
  await expect(form).toContainText('There are 2 costs, but run.npz › logits has 3 exits.');
  await form.getByLabel('Cost of leaving at each exit').fill('1, 2, 4');
  await form.getByRole('button', { name: 'Open' }).click();
  await opened(page, explore);
  await expect(strip(page)).toContainText('from run.npz: msdnet on run, max-softmax');
  await explore.thresholds.first().press('End');
  expect((await explore.leavingCounts())[0]).toBe(120);

  // It stays in this browser until it is thrown away.
  await page.goto('./');
  await explore.replayed();
  await explore.openMenu(/^Images/);
  const kept = page.getByRole('region', { name: 'Traces opened before' });
  await expect(kept).toContainText('msdnet on run, max-softmax run.npz');
  await kept.getByRole('button', { name: 'Open msdnet on run' }).click();
  await opened(page, explore);
  await kept.getByRole('button', { name: 'Throw away msdnet on run' }).click();
  await expect(kept).toBeHidden();
  await page.keyboard.press('Escape');

  // Where there is no room it is said, and the page goes on.
  await page.evaluate(() => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException('The quota is used up.', 'QuotaExceededError');
    };
  });
  await explore.drop(both);
  await expect(explore.messages).toContainText(
    'could not be kept in this browser (The quota is used up.)',
  );
  await expect(strip(page)).toContainText('mynet on animals');
});

test('opened traces are drawn on Compare beside the methods, and compared image by image', async ({
  page,
  explore,
}) => {
  await atPage(page, explore);
  await explore.drop(both);
  await opened(page, explore);
  const other = {
    method: 'elsewhere',
    network: 'othernet',
    rule: 'below',
    unit: 'entropy',
  } as const;
  await explore.drop(filesOf(tinyTrace('test', 120, other), 'othernet-test'));
  await expect(strip(page)).toContainText('othernet on animals, elsewhere');

  await page.getByRole('link', { name: 'Compare' }).click();
  const own = page.getByRole('region', { name: 'Traces of your own' });
  await own.getByRole('checkbox', { name: /^mynet on animals, sdn/ }).check();
  const table = page.getByRole('group', { name: 'Methods at a budget' }).getByRole('table');
  const row = table.getByRole('row', { name: /^SDN, of mynet on animals, .*opened/ });
  await expect(row).toContainText('90 images');
  await own.getByRole('checkbox', { name: /^othernet on animals/ }).check();
  // It came without training images: half of its test images choose its thresholds, and its other half is measured.
  const half = table.getByRole('row', {
    name: /elsewhere, of othernet on animals, opened, thresholds chosen on half of its test images/,
  });
  await expect(half).toContainText('60');
  const found = page.getByRole('region', { name: 'Where they disagree' });
  await found.getByLabel('First method').selectOption({ label: await named(row) });
  await found.getByLabel('Second method').selectOption({ label: await named(half) });
  await expect(found).toContainText(
    'of 120 test images of animals and of 60 test images of animals',
  );
  await found.getByLabel('Second method').selectOption({ label: await named(row) });
  await expect(found).toContainText('Of 120 test images 0 get different labels');
  expect((await new AxeBuilder({ page }).include('.compare-page').analyze()).violations).toEqual(
    [],
  );
  await found.getByRole('button', { name: /^both right/ }).click();
  await found
    .getByRole('button', { name: /^SDN: / })
    .first()
    .click();
  await expect(strip(page)).toContainText('mynet on animals');
  await expect(explore.setBy).toContainText('thresholds from the link');
  await expect(explore.image.getByRole('spinbutton')).not.toHaveValue('');
});

/** How a row of the table is called. */
const named = async (row: Locator): Promise<string> =>
  (await row.getByRole('rowheader').innerText()).trim();

test('exported thresholds set themselves again, and none of another method', async ({
  page,
  explore,
}) => {
  await atPage(page, explore);
  await explore.drop(both);
  await opened(page, explore);
  await explore.thresholds.first().press('PageUp');
  const before = await explore.leavingCounts();
  const waiting = page.waitForEvent('download');
  await explore.openMenu('Export');
  await page.getByRole('button', { name: 'Thresholds (JSON)' }).click();
  const file = await readFile(await (await waiting).path());
  await page.keyboard.press('Escape');
  await explore.thresholds.first().press('Home');
  expect(await explore.leavingCounts()).not.toEqual(before);
  await explore.drop(new Map([['mine.thresholds.json', new Uint8Array(file)]]));
  await expect(explore.messages).toContainText('The thresholds of mine.thresholds.json are set');
  await expect(explore.setBy).toContainText('thresholds from the file');
  expect(await explore.leavingCounts()).toEqual(before);

  const other = file.toString().replace('"method": "sdn"', '"method": "e2cm"');
  await explore.drop(new Map([['other.json', new TextEncoder().encode(other)]]));
  await expect(explore.messages).toContainText(
    'The thresholds of other.json were not set. They are of the method e2cm; sdn is on screen.',
  );
  expect(await explore.leavingCounts()).toEqual(before);

  // Dropped together, the traces come first.
  await atPage(page, explore);
  await explore.drop(new Map([...both, ['mine.thresholds.json', new Uint8Array(file)]]));
  await opened(page, explore);
  await expect(explore.messages).toContainText('The thresholds of mine.thresholds.json are set');
  await expect(explore.setBy).toContainText('thresholds from the file');
  await expect.poll(() => explore.leavingCounts()).toEqual(before);
});

test('what cannot be opened is said in a sentence, and what was on screen stays', async ({
  page,
  explore,
}) => {
  await atPage(page, explore);
  const before = await explore.leavingCounts();
  const [json, bin] = [...filesOf(testTrace, 'mynet-test')];
  const forged = filesOf(testTrace, 'many', (header) => {
    header.classes = Array.from({ length: 70_000 }, (_, k) => `${k}`);
  });
  const cases: [Files, string][] = [
    [new Map([json!]), 'its arrays are in mynet-test.trace.bin'],
    [new Map([bin!]), 'open it together with mynet-test.trace.json'],
    [
      new Map([json!, ['mynet-test.trace.bin', bin![1].subarray(0, 90)]]),
      'The array label ends at byte 1920, but the trace file has only 90',
    ],
    [forged, 'The trace has 70000 classes; 2 to 65536 can be opened.'],
    [
      new Map([['notes.zip', zipSync({ 'a.txt': new Uint8Array(3) })]]),
      'notes.zip holds no trace, but a.txt. A trace in it would be NAME.trace.json',
    ],
  ];
  for (const [files, sentence] of cases) {
    await explore.drop(files);
    await expect(explore.messages).toContainText(sentence);
    expect(await explore.leavingCounts()).toEqual(before);
  }
  await expect(explore.recorded).toBeVisible();
});

test('clusters of elsewhere open in Unsupervised, with all that needs no images', async ({
  page,
  explore,
}) => {
  await atPage(page, explore);
  const [exits, count] = [3, 90];
  const prediction = Float64Array.from({ length: exits * count }, (_, at) => {
    const [j, i] = [Math.floor(at / count), at % count];
    return (i + (i % (3 + 2 * j) === 0 ? 1 : 0)) % 4;
  });
  const logits = Float64Array.from({ length: exits * count * 4 }, (_, at) => {
    const cell = Math.floor(at / 4);
    return at % 4 === prediction[cell] ? 1 + ((cell * 37) % 50) / 25 : ((at * 7) % 10) / 12;
  });
  const npz = npzFile({ logits: npyFile([exits, count, 4], logits, '<f4') });
  await explore.drop(new Map([['places-test.npz', npz]]));
  const form = page.getByRole('dialog', { name: 'What is in places-test.npz?' });
  await form.getByLabel('What is predicted').selectOption('unlabelled');
  await expect(form.getByLabel('True labels')).toBeHidden();
  await form.getByLabel('Network', { exact: true }).fill('deepcluster');
  await form.getByLabel('Cost of leaving at each exit').fill('1, 2, 4');
  await form.getByLabel('Unit of the costs').selectOption('FLOPs');
  await form.getByLabel('Is the last exit the plain network?').selectOption('yes');
  await form.getByRole('button', { name: 'Open' }).click();
  await expect(page).toHaveURL(/page=unsupervised/);
  // Its scores are kept under the clusters' names: another confidence is made of them here too.
  await strip(page).getByLabel('Confidence').selectOption('entropy');
  await expect(strip(page)).toContainText('An image leaves where entropy in nats < T');
  await expect(strip(page)).toContainText('deepcluster on places');
  await expect(page.getByRole('region', { name: 'Clusters, and where' })).toContainText(
    'cluster 4',
  );
  await expect(page.getByText('agreement with the last exit on test').first()).toBeVisible();
  await expect(page.locator('body')).not.toContainText(/DEC-large|undefined/);
  await page.getByRole('button', { name: 'tune on half of the test images' }).click();
  await expect(strip(page)).toContainText('on screen are the 45');
  await expect(explore.searched).toHaveText(/undominated/);
  expect((await new AxeBuilder({ page }).include('.unsupervised').analyze()).violations).toEqual(
    [],
  );
  // Other pages leave it where it is; Explore has its own.
  await page.getByRole('link', { name: 'Explore' }).click();
  await explore.replayed();
  await expect(strip(page)).toBeHidden();
  await page.getByRole('link', { name: 'Unsupervised' }).click();
  await expect(strip(page)).toContainText('deepcluster on places');
  await strip(page).getByRole('button', { name: 'Close this trace' }).click();
  await expect(page.getByRole('region', { name: 'Recorded run', exact: true })).toContainText(
    'clustered',
  );
  await expect(strip(page)).toBeHidden();
});
