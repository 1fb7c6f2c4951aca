import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { networks, networksFor } from './catalogue.ts';

const folder = 'public/networks';

it('lists every network in the repository, trained on what its card says', () => {
  const ids = readdirSync(folder).sort();
  expect(networks.map(({ id }) => id).sort()).toEqual(ids);
  for (const { id, dataset } of networks) {
    const card = JSON.parse(readFileSync(`${folder}/${id}/card.json`, 'utf8')) as {
      id: string;
      dataset: string;
    };
    expect(card).toMatchObject({ id, dataset });
  }
});

it('gives the networks of a dataset', () => {
  expect(networksFor('strokes').map(({ id }) => id)).toEqual(['resnet18-w16-strokes']);
  expect(networksFor('nothing')).toEqual([]);
});
