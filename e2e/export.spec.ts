import { readFile } from 'node:fs/promises';
import { unzipSync } from 'fflate';
import { readThresholdsFile } from '../src/core/thresholds-file.ts';
import { check } from '../src/export/drivers/offramp.mjs';
import { readLink } from '../src/state/address/url.ts';
import { expect, test } from './page.ts';

test('a run is taken away as a model that decides elsewhere as it did here', async ({
  page,
  explore,
}) => {
  test.setTimeout(240_000);
  await explore.open();
  await explore.thresholds.first().press('PageUp');
  const leaving = await explore.leavingCounts();
  await explore.openMenu('Export');
  const coming = page.waitForEvent('download', { timeout: 200_000 });
  await page.getByRole('button', { name: 'Model that runs elsewhere (zip)' }).click();
  const download = await coming;
  expect(download.suggestedFilename()).toBe('strokes.resnet18-w16-strokes.e2cm.zip');
  const files = unzipSync(await readFile(await download.path()));
  const read = (name: string) =>
    Promise.resolve(files[`strokes.resnet18-w16-strokes.e2cm/${name}`]!);
  const card = JSON.parse(new TextDecoder().decode(await read('card.json'))) as {
    exits: { leaving: number }[];
  };
  expect(card.exits.map(({ leaving: images }) => images)).toEqual(leaving);
  const lines: string[] = [];
  expect(await check(read, (line) => lines.push(line)), lines.join('\n')).toBe(0);
  expect(lines[0]).toContain('model.onnx: 32 of 32 agree');
});

test('of a recorded run what it had learnt is computed first, and its thresholds stay', async ({
  page,
  explore,
}) => {
  test.setTimeout(240_000);
  await page.goto('./?data=strokes&from=recorded&backend=wasm');
  await explore.replayed();
  await explore.thresholds.first().press('PageUp');
  await expect(page).toHaveURL(/T=/);
  const { thresholds } = readLink(new URL(page.url()).search).state;
  await explore.openMenu('Export');
  const coming = page.waitForEvent('download', { timeout: 200_000 });
  await page.getByRole('button', { name: 'Model that runs elsewhere (zip)' }).click();
  await expect(explore.messages).toContainText('it is computed here first');
  const files = unzipSync(await readFile(await (await coming).path()));
  const read = (name: string) =>
    Promise.resolve(files[`strokes.resnet18-w16-strokes.e2cm/${name}`]!);
  const written = readThresholdsFile(
    JSON.parse(new TextDecoder().decode(await read('thresholds.json'))),
  );
  expect(written.thresholds).toEqual(thresholds);
  const lines: string[] = [];
  expect(await check(read, (line) => lines.push(line)), lines.join('\n')).toBe(0);
});

test('an export gives way to another run that is asked for while it is computed', async ({
  page,
  explore,
}) => {
  test.setTimeout(120_000);
  await page.goto('./?data=strokes&from=recorded&backend=wasm');
  await explore.replayed();
  let downloads = 0;
  page.on('download', () => downloads++);
  await explore.openMenu('Export');
  await page.getByRole('button', { name: 'Model that runs elsewhere (zip)' }).click();
  await expect(explore.messages).toContainText('it is computed here first');
  await explore.select('Method').selectOption('sdn');
  await expect(explore.messages).toContainText('Nothing was exported: another run was asked for', {
    timeout: 90_000,
  });
  await expect(page.getByRole('heading', { name: /internal classifier/ })).toBeVisible();
  expect(downloads).toBe(0);
});
