import { describe, expect, it, vi } from 'vitest';
import { readLink } from '../address/url.ts';
import { pages } from '../pages.ts';
import { embedAddress, frameCode, hasPanels } from './embed.ts';

// What the methods' modules ask the browser for when they are loaded.
vi.hoisted(() => vi.stubGlobal('location', { href: 'http://localhost/' }));
vi.stubGlobal('window', { location: { href: 'https://host.example/play/' } });

describe('a frame on another page', () => {
  it('has the address of the view, without the bar or with one panel', () => {
    const address = new URL(embedAddress('map'));
    expect(address.pathname).toBe('/play/');
    expect(readLink(address.search).state.view).toMatchObject({ embed: '1', panel: 'map' });
    expect(readLink(new URL(embedAddress(null)).search).state.view.panel).toBeNull();
  });

  it('is written so that no address and no title ends its attribute', () => {
    const code = frameCode('https://host.example/?a=1&b="', 'A "curve" & more');
    expect(code).toContain('src="https://host.example/?a=1&amp;b=&quot;"');
    expect(code).toContain('title="A &quot;curve&quot; &amp; more"');
  });

  it('shows one panel alone on the pages that show a scene', () => {
    expect(pages.map(({ id }) => id).filter(hasPanels)).toEqual(['explore', 'try', 'unsupervised']);
  });
});
