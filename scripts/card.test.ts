import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cardTags, PICTURE } from './card.ts';

const imageOf = (site: string): string | undefined =>
  cardTags(site).find(({ property }) => property === 'og:image')?.content;

describe('what other sites show of a link', () => {
  it('names the picture by its whole address, under whatever path the page is', () => {
    for (const site of ['https://host.example/some/where', 'https://host.example/some/where/'])
      expect(imageOf(site)).toBe('https://host.example/some/where/preview.png');
    expect(imageOf('')).toBe('./preview.png');
    expect(() => cardTags('host.example')).toThrow('OFFRAMP_SITE is “host.example”; expected');
  });

  it('has a picture of the size that it states', () => {
    const file = readFileSync(`public/${PICTURE.file}`);
    expect(file.toString('latin1', 1, 4)).toBe('PNG');
    expect([file.readUInt32BE(16), file.readUInt32BE(20)]).toEqual([PICTURE.width, PICTURE.height]);
    expect(file.length).toBeLessThan(250_000);
  });
});
