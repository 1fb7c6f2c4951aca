import { describe, expect, it, vi } from 'vitest';
import { pages as listed } from '../state/pages.ts';
import { defaultLink, readLink, writeLink } from '../state/address/url.ts';
import type { PageView } from './page.ts';
import { pages, viewsOf } from './pages.ts';

// What modules ask the browser for when they are loaded.
vi.hoisted(() => {
  vi.stubGlobal('location', { href: 'http://localhost/' });
  const matchMedia = () => ({ matches: false, addEventListener: () => undefined });
  vi.stubGlobal('window', { matchMedia });
});

describe('the pages', () => {
  it.each(listed.map(({ id }) => id))(
    '%s is whole: a name, a title, a link, a body',
    async (id) => {
      const page = pages.find((view) => view.id === id)!;
      expect(page.name).toMatch(/^\p{Lu}/u);
      expect(page.title).toContain('Offramp');
      const parts = typeof page.parts === 'function' ? await page.parts() : page.parts;
      expect(typeof parts.Body).toBe('function');
      const there = { ...defaultLink, view: { ...defaultLink.view, page: id } };
      expect(readLink(writeLink(there))).toEqual({ state: there, dropped: [] });
    },
  );

  it('stand in the order of the list, each under a name and a title of its own', () => {
    expect(pages.map(({ id }) => id)).toEqual(listed.map(({ id }) => id));
    expect(new Set(pages.map(({ name }) => name)).size).toBe(listed.length);
    expect(new Set(pages.map(({ title }) => title)).size).toBe(listed.length);
  });

  it('have keys of the URL that no other page has', () => {
    const keys = listed.flatMap(({ properties }) => properties.map(({ key }) => key));
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('a page that is added', () => {
  const view = (id: PageView['id'], name: string): PageView => ({
    ...pages.find((page) => page.id === id)!,
    name,
  });

  it('takes its place among the views, wherever its file is found', () => {
    const views = [view('paper', 'A paper'), view('explore', 'A start')];
    expect(viewsOf(['explore', 'paper'], views).map(({ name }) => name)).toEqual([
      'A start',
      'A paper',
    ]);
  });

  it('is missed where its view is, or is there twice', () => {
    expect(() => viewsOf(['gallery'], [view('explore', 'A start')])).toThrow(
      'The page “gallery” of src/state/pages.ts has no view; expected one page.ts in a folder of src/ui',
    );
    const twice = [view('paper', 'One'), view('paper', 'Another')];
    expect(() => viewsOf(['paper'], twice)).toThrow('more than one view');
  });
});
