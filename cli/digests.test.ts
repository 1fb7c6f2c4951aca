import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DIGESTS } from '../src/fetch/digests.ts';
import { digestsOf, publishedFolders } from './digests.ts';

describe('what is published', () => {
  it('is what the digests beside it say: else run npm run digests', async () => {
    for (const folder of await publishedFolders()) {
      const stated: unknown = JSON.parse(await readFile(join(folder, DIGESTS), 'utf8'));
      expect(await digestsOf(folder), folder).toEqual(stated);
    }
  });
});
