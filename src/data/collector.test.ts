import { expect, it } from 'vitest';
import { FileCollector } from './collector.ts';

it('files that come while others are looked at join them', async () => {
  const looked: string[][] = [];
  const collector = new FileCollector(async (files) => {
    looked.push(files.map(({ name }) => name));
    await new Promise((resolve) => setTimeout(resolve, 10));
    return {
      ...{ id: 'mnist', title: 'MNIST', format: 'idx', complete: false, sentence: '' },
      ...{ missing: [], counts: null, shape: null, imagesAlone: null, pictures: null },
      ...{ isOfImages: true, holdsNetwork: false },
      files: files.map(({ name }) => ({ name, ok: true, isReadable: true, says: '' })),
    };
  });
  const drops = ['train-images', 'train-labels'].map((name) =>
    collector.add([new File([name], name)]),
  );
  await Promise.all(drops);
  expect(looked).toEqual([['train-images'], ['train-images', 'train-labels']]);
  expect(collector.files.map(({ name }) => name)).toEqual(['train-images', 'train-labels']);
});
