import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { randomTrace } from '../../core/fixture.ts';
import { METHODS } from '../../methods/registry.ts';
import { acceptTrace, setLeavingCount } from '../scene/shown.ts';
import { scenes } from '../scenes.ts';
import { readLink } from '../address/url.ts';
import { bibtexOfView, bibtexOfWork, OFFRAMP, tex } from './bibtex.ts';
import { inLines, pageFacts, viewedScene } from './facts.ts';
import { permalink } from './permalink.ts';
import { worksOf } from './works.ts';

// What the methods' modules ask the browser for when they are loaded.
vi.hoisted(() => vi.stubGlobal('location', { href: 'http://localhost/' }));
vi.stubGlobal('window', { location: { href: 'https://host.example/play/?page=try' } });

const citation = readFileSync('CITATION.cff', 'utf8');
const ids = Object.keys(METHODS);

describe('what is cited', () => {
  it('is what CITATION.cff says', () => {
    expect(citation).toContain(`title: '${OFFRAMP.title}'\n`);
    expect(citation).toContain(`version: ${OFFRAMP.version}\n`);
    expect(citation).toContain(`- name: ${OFFRAMP.author}\n`);
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(version).toBe(OFFRAMP.version);
    const references = citation.slice(citation.indexOf('references:')).split('- type: article\n');
    expect(references.slice(1)).toHaveLength(worksOf(ids).length);
    for (const { title, authors, year, arxiv } of worksOf(ids)) {
      const reference = references.find((text) => text.includes(`title: '${title}'\n`)) ?? title;
      expect(reference).toContain(`year: ${year}\n`);
      expect(reference).toContain(`notes: arXiv:${arxiv}`);
      const families = [...reference.matchAll(/family-names: (.*)/g)].map(([, name]) => name);
      expect(families).toEqual(authors.map(([, family]) => family));
    }
  });

  it('names the papers of every method, each once', () => {
    for (const id of ids) expect(worksOf([id]).length, id).toBeGreaterThan(0);
    expect(worksOf(['e2cm', 'e2cm-sdn', 'unheard-of']).map(({ year }) => year)).toEqual([
      2022, 2019,
    ]);
  });

  it('is written so that TeX takes none of it for a command', () => {
    expect(tex('Görmez, 50 % of a_b & ResNet-18 × ¼ #1 {x} \\x')).toBe(
      String.raw`G{\"o}rmez, 50 \% of a\_b \& ResNet-18 $\times$ 1/4 \#1 x /x`,
    );
    expect(bibtexOfWork(worksOf(['e2cm'])[0]!)).toBe(
      [
        '@inproceedings{gormez2022e2cm,',
        '  title = {{E2CM}: Early Exit via Class Means for Efficient Supervised and Unsupervised Learning},',
        String.raw`  author = {G{\"o}rmez, Alperen and Dasari, Venkat R. and Koyuncu, Erdem},`,
        '  booktitle = {International Joint Conference on Neural Networks (IJCNN)},',
        '  year = {2022},',
        '  eprint = {2103.01148},',
        '  archivePrefix = {arXiv},',
        '  url = {https://arxiv.org/abs/2103.01148},',
        '}',
      ].join('\n'),
    );
  });

  it('has a link that brings back the thresholds on screen, whoever chose them', () => {
    const { explore } = scenes;
    acceptTrace(explore, { ...randomTrace(200, 4), split: 'test' });
    setLeavingCount(explore, 0, 30);
    const { policy } = explore.shown.getState();
    explore.shown.setState({ source: 'default' });
    const address = new URL(permalink());
    expect(address.origin + address.pathname).toBe('https://host.example/play/');
    expect(readLink(address.search).state.thresholds).toEqual(policy!.thresholds);
    const { facts, methods } = viewedScene(explore);
    expect(inLines(facts)).toMatch(/split: test, 200 images\n/);
    expect(inLines(facts)).toMatch(/made: computed live in this page/);
    expect(methods).toEqual([randomTrace(1, 2).method]);
    const entry = bibtexOfView(address.href, 'abc', facts, '2031-02-03');
    expect(entry).toMatch(/^@misc\{offramp2031view,/);
    expect(entry).toContain(`howpublished = {\\url{${address.href}}}`);
    expect(entry).toContain('commit abc, seen 2031-02-03. View of images: ');
    expect(pageFacts().map(({ name }) => name)).toEqual(['address', 'commit of the page', 'taken']);
  });
});
