/** Entries for a bibliography, as BibTeX of any age reads them. */
import type { Work } from '../../methods/contract/work.ts';
import type { Fact } from './facts.ts';

/** As CITATION.cff has it. */
export const OFFRAMP = {
  title: 'Offramp: an in-browser playground for early-exit neural networks',
  author: 'the Offramp authors',
  version: '0.1.0',
} as const;

/** Letters with an accent, by TeX's name of the accent. */
const ACCENTS: Readonly<Record<string, string>> = {
  '\u0300': '`',
  '\u0301': "'",
  '\u0302': '^',
  '\u0303': '~',
  '\u0308': '"',
  '\u0327': 'c ',
};

/** Text inside of braces: what TeX takes for a command is written as one. */
export function tex(text: string): string {
  return text
    .replaceAll('\\', '/')
    .replaceAll(/[{}]/g, '')
    .replaceAll(/[&%$#_]/g, String.raw`\$&`)
    .replaceAll('~', String.raw`\textasciitilde{}`)
    .replaceAll('×', String.raw`$\times$`)
    .replaceAll('¼', '1/4')
    .normalize('NFD')
    .replaceAll(/(.)([\u0300-\u036f])/gu, (whole, letter: string, mark: string) =>
      ACCENTS[mark] ? `{\\${ACCENTS[mark]}${letter}}` : whole.normalize('NFC'),
    );
}

function entry(kind: string, key: string, fields: readonly (readonly [string, string])[]): string {
  const lines = fields.map(([name, value]) => `  ${name} = {${value}},`);
  return [`@${kind}{${key},`, ...lines, '}'].join('\n');
}

/** @param braced keeps its capitals. */
const braced = (title: string): string => {
  const [name, ...rest] = tex(title).split(':');
  return rest.length > 0 ? `{${name}}:${rest.join(':')}` : title;
};

/** The entry of a paper. */
export const bibtexOfWork = ({ key, authors, title, year, venue, arxiv }: Work): string =>
  entry('inproceedings', key, [
    ['title', braced(title)],
    ['author', authors.map(([given, family]) => `${tex(family)}, ${tex(given)}`).join(' and ')],
    ['booktitle', tex(venue)],
    ['year', `${year}`],
    ['eprint', arxiv],
    ['archivePrefix', 'arXiv'],
    ['url', `https://arxiv.org/abs/${arxiv}`],
  ]);

/**
 * The entry of a view of the page.
 * @param address the link to it.
 * @param facts what its numbers are of.
 * @param day on which it was seen, as yyyy-mm-dd.
 */
export function bibtexOfView(
  address: string,
  commit: string,
  facts: readonly Fact[],
  day: string,
): string {
  const year = day.slice(0, 4);
  const of = facts.map(({ name, value }) => `${name}: ${value}`).join('; ');
  return entry('misc', `offramp${year}view`, [
    ['title', braced(OFFRAMP.title)],
    ['author', `{${OFFRAMP.author}}`],
    ['year', year],
    [
      'note',
      tex(`Version ${OFFRAMP.version}, commit ${commit}, seen ${day}.${of && ` View of ${of}`}`),
    ],
    ['howpublished', `\\url{${address}}`],
    ['url', address],
    ['urldate', day],
  ]);
}
