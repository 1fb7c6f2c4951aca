import { writeFileSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import { randomFrom } from '../src/core/random.ts';
import { graphNetwork } from '../src/network/graph-model/testing.ts';
import { FILED, hdf5, kerasFile, MODEL, under } from '../src/network/keras-files/testing.ts';
import {
  attribute,
  graphOf,
  heavyModel,
  ints,
  modelOf,
  nodeOf,
  tensorOf,
  valueOf,
} from '../src/network/onnx/testing/write.ts';
import { expect, test } from './page.ts';

/** Two convolutions and a dense layer with numbers of both signs, for grey images of 28 × 28. */
function network(): Uint8Array {
  const numbers = (count: number, pace: number) =>
    Float32Array.from({ length: count }, (_, i) => Math.sin(pace * i + i * i) / 3);
  const padded = [attribute('pads', ints([1, 1, 1, 1])), attribute('strides', ints([2, 2]))];
  return modelOf(
    graphOf(
      [
        nodeOf('Conv', ['image', 'a.weight'], ['a'], padded),
        nodeOf('Relu', ['a'], ['b']),
        nodeOf('Conv', ['b', 'c.weight'], ['c'], padded),
        nodeOf('Relu', ['c'], ['d']),
        nodeOf('Flatten', ['d'], ['e']),
        nodeOf('Gemm', ['e', 'fc.weight'], ['out'], [attribute('transB', { int: 1 })]),
      ],
      [
        tensorOf('a.weight', [8, 1, 3, 3], numbers(72, 0.7)),
        tensorOf('c.weight', [8, 8, 3, 3], numbers(576, 0.3)),
        tensorOf('fc.weight', [10, 392], numbers(3920, 0.9)),
      ],
      [valueOf('image', [-1, 1, 28, 28])],
      [valueOf('out', [-1, 10])],
    ),
    13,
  );
}

test('an ONNX file opens, is asked how it is fed, runs, and is checked', async ({
  page,
  explore,
}) => {
  await explore.open();
  await explore.drop(new Map([['my net.onnx', network()]]));
  const dialog = page.getByRole('dialog', { name: 'How is my net fed?' });
  await expect(dialog).toContainText('28 × 28 pixels in 1 channel and gives 10 numbers');
  await dialog.getByLabel(/^Mean/).fill('half');
  await dialog.getByRole('button', { name: 'Open', exact: true }).click();
  await expect(dialog.getByRole('alert')).toContainText('must each list 1 number,');
  await dialog.getByLabel('Values as in').selectOption('0 … 1');
  await expect(dialog.getByLabel(/^Mean/)).toHaveValue('0');
  await dialog.getByLabel(/one a line/).fill('0\n1\n2');
  await dialog.getByRole('button', { name: 'Open', exact: true }).click();
  await expect(dialog.getByRole('alert')).toContainText('The network has 10 outputs; 3 names came');
  await dialog.getByLabel(/one a line/).fill('0\n1\n2\n3\n4\n5\n6\n7\n8\n9');
  await dialog.getByRole('button', { name: 'Open', exact: true }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page).toHaveURL(/network=my-net/);
  await explore.finished();
  await expect(explore.matrices).toHaveCount(3);
  await expect(explore.messages).toContainText(
    /my net: its own output is right for [\d.]+ % of 300 test images/,
    {
      timeout: 60_000,
    },
  );
  await explore.openMenu(/^Network/);
  const menu = page.getByRole('group', { name: 'Network', exact: true });
  await test.step('an exit is renamed, another one dropped', async () => {
    await menu.getByText('Exits of my net').click();
    await expect(menu.getByRole('checkbox', { name: 'Keep classifier' })).toBeDisabled();
    await menu.getByRole('checkbox', { name: 'Keep a' }).uncheck();
    await menu.getByRole('textbox', { name: 'Name of c' }).fill('half, or so');
    await menu.getByRole('button', { name: 'Use these exits' }).click();
    await expect(menu.getByRole('alert')).toContainText('An exit cannot be called “half, or so”');
    await menu.getByRole('textbox', { name: 'Name of c' }).fill('half');
    await menu.getByRole('button', { name: 'Use these exits' }).click();
    await expect(explore.matrices).toHaveCount(2);
    await expect(explore.matrices.first()).toHaveAccessibleName(/at half/);
    await expect(menu.getByRole('textbox', { name: 'Name of c' })).toHaveValue('half');
    await expect(explore.progress).toContainText('done in');
  });
  for (const theme of ['light', 'dark'] as const)
    await test.step(`nothing bars the way to its exits in ${theme}, on any screen`, async () => {
      await page.evaluate((name) => (document.documentElement.dataset.theme = name), theme);
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(
        violations
          .filter(({ impact }) => impact === 'serious' || impact === 'critical')
          .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join()}`),
      ).toEqual([]);
    });
  await page.setViewportSize({ width: 390, height: 844 });
  const box = (await page.locator('.popover').boundingBox())!;
  expect(box.x).toBeGreaterThanOrEqual(0);
  expect(box.x + box.width).toBeLessThanOrEqual(390);
  await page.setViewportSize({ width: 1440, height: 900 });
  await menu.getByRole('button', { name: /^Change how my net is fed/ }).click();
  await expect(page.getByRole('dialog', { name: 'How is my-net fed?' }).or(dialog)).toBeVisible();
  await page.keyboard.press('Escape');
  await explore.drop(new Map([['notes.onnx', new TextEncoder().encode('no network')]]));
  await expect(explore.messages).toContainText('notes.onnx cannot be read as an ONNX model');
});

test('what Keras saved, and a graph model, open with their cards and run', async ({
  page,
  explore,
}) => {
  await explore.open('?data=strokes&train=200&test=100&backend=wasm');
  const card = (id: string, classes: string[], size: number, channels: number) =>
    new TextEncoder().encode(
      JSON.stringify({
        ...{ id, classes },
        input: {
          ...{ size, channels, fit: 'resize' },
          mean: Array<number>(channels).fill(0),
          std: Array<number>(channels).fill(1),
        },
      }),
    );
  const { g, output } = graphNetwork();
  const given = [
    {
      id: 'pets',
      exits: ['stem', 'wide', 'deep', 'classifier'],
      files: new Map([
        ['pets.keras', kerasFile(MODEL, await hdf5(under('layers/', FILED)))],
        ['pets.card.json', card('pets', ['a', 'b', 'c'], 8, 1)],
      ]),
    },
    {
      id: 'graph',
      exits: ['stem', 'block', 'cat', 'classifier'],
      files: new Map([
        ...g.files(output),
        ['card.json', card('graph', ['a', 'b', 'c', 'd', 'e'], 16, 3)] as const,
      ]),
    },
  ];
  for (const { id, exits, files } of given) {
    await explore.drop(files);
    await expect(explore.matrices).toHaveCount(exits.length);
    await expect(explore.progress).toContainText('done in', { timeout: 60_000 });
    await expect(page).toHaveURL(new RegExp(`network=${id}`));
    for (const [j, exit] of exits.entries())
      await expect(explore.matrices.nth(j)).toHaveAccessibleName(
        new RegExp(`at ${exit}: [\\d.]+ % of 100 test images right$`),
      );
    // Of other classes than the images: their class means label, at the last exit too.
    await expect(page).toHaveURL(/last=nearest-mean/);
    await expect(explore.messages).toContainText(
      `The network knows ${files.size > 2 ? 5 : 3} classes`,
    );
  }
});

test('a heavy network is read in a worker, which can be stopped, and is started again where it is lost', async ({
  page,
  explore,
  complaints,
}) => {
  const path = test.info().outputPath('heavy.onnx');
  const model = heavyModel(randomFrom(1));
  expect(model.length).toBeGreaterThan(90e6);
  writeFileSync(path, model);
  const small = test.info().outputPath('small.onnx');
  writeFileSync(small, network());
  await explore.open('?data=strokes&train=64&test=64&backend=wasm');
  const give = async (file: string): Promise<void> => {
    const picker = page.getByLabel('Network files');
    if ((await picker.count()) === 0) await explore.openMenu(/^Network/);
    await picker.setInputFiles(file);
  };
  const reads = /\/read-[^/]*\.js$/;
  const working = () => page.workers().filter((worker) => reads.test(worker.url()));
  const told = page.getByRole('status', { name: 'Network that is being opened' });
  const asks = (name: string) => page.getByRole('dialog', { name: `How is ${name} fed?` });
  await test.step('the page’s thread is free meanwhile, and says how far it is', async () => {
    await page.evaluate(() => {
      const words: string[] = [];
      setInterval(() => words.push(document.querySelector('.opening')?.textContent ?? ''), 5);
      Object.assign(window, { offrampWords: words });
    });
    const worker = page.waitForEvent('worker', (one) => reads.test(one.url()));
    await give(path);
    await expect(told).toContainText('Reading heavy.onnx');
    await asks('heavy').waitFor();
    await worker;
    await expect.poll(() => working().length).toBe(0);
    await expect(told).toHaveCount(0);
    // Conversion takes a quarter of a second: on the page's own thread no timer would go off in it.
    const words = await page.evaluate(
      () => (window as unknown as { offrampWords: string[] }).offrampWords,
    );
    expect(words.filter((word) => word.includes('heavy.onnx: its layers')).length).toBeGreaterThan(
      4,
    );
    await asks('heavy').getByRole('button', { name: 'Cancel' }).click();
  });
  await test.step('it is stopped, and another one that is given meanwhile wins', async () => {
    // Its worker does not begin while its code is held back.
    await page.route(reads, () => undefined);
    await give(path);
    await told.getByRole('button', { name: 'Stop' }).click();
    await expect(told).toHaveCount(0);
    await give(path);
    await expect(told).toBeVisible();
    await page.unroute(reads);
    await give(small);
    await asks('small').waitFor();
    await expect.poll(() => working().length).toBe(0);
    await expect(asks('heavy')).toHaveCount(0);
    await asks('small').getByRole('button', { name: 'Cancel' }).click();
  });
  await test.step('its worker does not come', async () => {
    await page.route(reads, (route) => route.abort());
    await give(small);
    await expect(explore.messages).toContainText(
      'The worker that reads networks stopped (its code could not be loaded). Close other pages to free memory',
    );
    await page.unroute(reads);
    await explore.messages.getByRole('button', { name: 'Try again' }).click();
    await asks('small').waitFor();
    await page.keyboard.press('Escape');
  });
  // The page said before that nothing of it was lost; the browser itself says what did not come.
  expect(
    complaints.filter((complaint) => !/\/read-|Failed to load resource/.test(complaint)),
  ).toEqual([]);
  complaints.length = 0;
});

test('a link to a network fetches it, says so, and opens it again; what cannot be had is said', async ({
  page,
  explore,
  complaints,
}) => {
  const [at, card] = [
    'https://nets.example/some/',
    {
      ...{ id: 'linked', classes: Array.from('0123456789') },
      input: { size: 28, channels: 1, mean: [0], std: [1] },
    },
  ];
  const { g, output } = graphNetwork();
  const files = new Map<string, Uint8Array | string>([
    ['linked.onnx', network()],
    ['linked.card.json', JSON.stringify(card)],
    ['bare.onnx', network()],
    ['pets.keras', kerasFile(MODEL, await hdf5(under('layers/', FILED)))],
    ...[...g.files(output)].map(([name, bytes]) => [`graph/${name}`, bytes] as const),
    ['page.onnx', '<!doctype html><title>Sign in</title>'],
    ['text.onnx', 'no network'],
  ]);
  let ready = Promise.resolve();
  await page.route(`${at}**`, async (route) => {
    const name = route.request().url().slice(at.length);
    const body = files.get(name);
    const headers = { 'access-control-allow-origin': '*' };
    await ready;
    // As a server is seen that lets no other page read its files.
    if (name.startsWith('closed')) return route.abort();
    if (body === undefined) return route.fulfill({ status: 404, headers });
    const contentType = name.startsWith('page') ? 'text/html' : 'application/octet-stream';
    return route.fulfill({ headers, contentType, body: Buffer.from(body) });
  });
  const go = (name: string, more = '') =>
    page.goto(
      `./?data=strokes&train=60&test=40&backend=wasm&network=${encodeURIComponent(at + name)}${more}`,
    );
  const told = page.getByRole('status', { name: 'Network that is being opened' });
  const done = () => expect(explore.progress).toContainText('done in', { timeout: 60_000 });

  await test.step('with its card', async () => {
    let release = (): void => undefined;
    ready = new Promise((resolve) => (release = resolve));
    await go('linked.onnx', '&keep=c%3Dhalf');
    await expect(told).toContainText(`Fetching ${at}linked.onnx`);
    release();
    for (const times of ['once', 'again']) {
      await done();
      await expect(explore.matrices, times).toHaveCount(2);
      await expect(explore.matrices.first()).toHaveAccessibleName(/at half/);
      await expect(page.getByRole('banner')).toContainText('linked');
      if (times === 'once') await page.goto(await explore.sharedLink());
    }
  });
  await test.step('without one', async () => {
    await go('bare.onnx');
    const asks = page.getByRole('dialog', { name: 'How is bare fed?' });
    await asks.getByRole('button', { name: 'Open', exact: true }).click();
    await done();
    await expect(explore.matrices).toHaveCount(3);
    await expect(page).toHaveURL(/bare\.onnx/);
    for (const [name, called] of [
      ['pets.keras', 'pets'],
      ['graph', 'network'],
    ] as const) {
      await go(name);
      await page.getByRole('dialog', { name: `How is ${called} fed?` }).waitFor();
    }
    await page.getByRole('button', { name: 'Cancel' }).click();
    await expect(page).not.toHaveURL(/nets\.example/);
  });
  for (const [name, says] of [
    ['gone.onnx', `${at}gone.onnx could not be had: the server answered 404.`],
    [
      'closed.onnx',
      'or does not let other pages read it (CORS). Download the file and open it here.',
    ],
    ['page.onnx', `${at}page.onnx is a web page, not a file of data`],
    ['text.onnx', 'text.onnx cannot be read as an ONNX model'],
  ] as const)
    await test.step(name, async () => {
      await go(name);
      await expect(explore.messages).toContainText(says);
    });
  // The page shows what it has, and what was said stays.
  await done();
  await expect(explore.messages).toContainText('text.onnx cannot be read as an ONNX model');
  const own = /nets\.example|Failed to load resource/;
  expect(complaints.filter((complaint) => !own.test(complaint))).toEqual([]);
  complaints.length = 0;
});
