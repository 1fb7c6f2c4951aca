import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { networks, networksFor, trainedFor, trainingCommands } from './catalogue.ts';

const folder = 'public/networks';

it('lists every network in the repository, trained on what its card says', () => {
  const trained = networks.filter(({ weights }) => weights !== 'none');
  expect(trained.map(({ id }) => id).sort()).toEqual(readdirSync(folder).sort());
  for (const { id, dataset, weights } of trained) {
    const card = JSON.parse(readFileSync(`${folder}/${id}/card.json`, 'utf8')) as unknown;
    expect(card).toMatchObject({ id, dataset });
    expect(existsSync(`${folder}/${id}/model.json`)).toBe(weights === 'here');
  }
});

it('gives the networks of a dataset, and tells those that can be seen from those that cannot', () => {
  expect(networksFor('strokes').map(({ id }) => id)).toEqual([
    'resnet18-w16-strokes',
    'resnet18-w16-strokes-branchy',
  ]);
  expect(networksFor('nothing')).toEqual([]);
  expect(networksFor('cifar-100')).toHaveLength(1);
  expect(trainedFor('cifar-100')).toEqual([]);
});

it('says how to train what is not here', () => {
  const wide = networks.find(({ id }) => id === 'wideresnet101-2-kmnist')!;
  expect(trainingCommands(wide)[0]).toContain('--dataset kmnist --network wideresnet101-2');
});
