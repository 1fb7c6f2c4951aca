/** A figure of the page as a file: an SVG that stands alone, with its text as text and its legend, or a PNG of it. */
import { download } from '../../state/exports.ts';
import { inLines, pageFacts, type Fact } from '../../state/provenance/facts.ts';
import { withTexts } from '../../state/provenance/png.ts';
import { cssRgb } from './colours.ts';

export { sceneFacts } from '../../state/provenance/facts.ts';

/** Properties that the page's style sheets and variables give; a figure outside of the page must carry them. */
const CARRIED = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'opacity',
  'font-size',
  'font-weight',
  'font-family',
  'text-anchor',
];
/** Pixels of a PNG for each unit of the figure: sharp in print. */
const SCALE = 3;

/** A copy of a figure that carries its style and states its size. */
function styledCopy(figure: SVGSVGElement, width: number, height: number): SVGSVGElement {
  const copy = figure.cloneNode(true) as SVGSVGElement;
  const originals = [figure, ...figure.querySelectorAll<SVGElement>('*')];
  const copies = [copy, ...copy.querySelectorAll<SVGElement>('*')];
  originals.forEach((original, i) => {
    const style = getComputedStyle(original);
    for (const property of CARRIED)
      copies[i]!.style.setProperty(property, style.getPropertyValue(property));
  });
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', `${width}`);
  copy.setAttribute('height', `${height}`);
  return copy;
}

interface Drawn {
  readonly text: string;
  readonly width: number;
  readonly height: number;
}

/**
 * The drawing that an element is or has, in the units of its own view box, on the colour of a panel.
 * @throws Error when nothing is drawn in it.
 */
function standAlone(figure: Element, facts: readonly Fact[]): Drawn {
  const drawing = figure instanceof SVGSVGElement ? figure : figure.querySelector('svg');
  if (!drawing) throw new Error('There is no drawing in this figure yet; wait until it is drawn.');
  const { width, height } = drawing.viewBox.baseVal;
  const legend = [...figure.querySelectorAll<HTMLElement>('.legend > span')];
  const total = height + (legend.length > 0 ? ROW * (legend.length + 1) : 0);
  const copy = styledCopy(drawing, width, total);
  copy.removeAttribute('class');
  copy.setAttribute('viewBox', `0 0 ${width} ${total}`);
  // On the page a chart fills its box; alone it has the size that it says.
  copy.style.removeProperty('width');
  copy.style.removeProperty('height');
  const paper = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  paper.setAttribute('width', `${width}`);
  paper.setAttribute('height', `${total}`);
  paper.setAttribute('fill', `rgb(${cssRgb('--panel').join()})`);
  copy.prepend(...said(copy, facts), paper);
  legend.forEach((entry, n) => copy.append(...legendRow(entry, height + ROW * (n + 1))));
  return { text: new XMLSerializer().serializeToString(copy), width, height: total };
}

/** What the figure is of, for people (`desc`) and for programs (`metadata`, as JSON). */
function said(figure: SVGSVGElement, facts: readonly Fact[]): Element[] {
  const words = document.createElementNS('http://www.w3.org/2000/svg', 'desc');
  // A figure that describes itself goes on doing so.
  const own = [...figure.children].find(({ tagName }) => tagName === 'desc');
  own?.remove();
  words.textContent = [own?.textContent, inLines(facts)].filter(Boolean).join('\n');
  const data = document.createElementNS('http://www.w3.org/2000/svg', 'metadata');
  data.textContent = JSON.stringify(
    Object.fromEntries(facts.map(({ name, value }) => [name, value])),
  );
  return [words, data];
}

/** Height of a row of the legend, in pixels. */
const ROW = 18;

/** One entry of the page's legend, its mark and its words, for a figure that has no page around it. */
function legendRow(entry: HTMLElement, y: number): SVGElement[] {
  const mark = entry.querySelector('svg');
  const words = document.createElementNS('http://www.w3.org/2000/svg', 'text');
  const { color, fontFamily } = getComputedStyle(entry);
  words.textContent = entry.textContent.trim();
  words.setAttribute('x', '48');
  words.setAttribute('y', `${y}`);
  Object.assign(words.style, { fill: color, fontFamily, fontSize: '12px' });
  if (!mark) return [words];
  const { width, height } = mark.getBoundingClientRect();
  const drawn = styledCopy(mark, width, height);
  drawn.setAttribute('x', '16');
  drawn.setAttribute('y', `${y - 4 - height / 2}`);
  return [drawn, words];
}

/** @param of what its numbers are of; where the page is and of which build follows. */
export function exportSvg(figure: Element, name: string, of: readonly Fact[]): void {
  download(`${name}.svg`, 'image/svg+xml', standAlone(figure, [...of, ...pageFacts()]).text);
}

/** At three times its size: sharp in print. */
export async function exportPng(figure: Element, name: string, of: readonly Fact[]): Promise<void> {
  const page = pageFacts();
  const { text, width, height } = standAlone(figure, []);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = width * SCALE;
  canvas.height = height * SCALE;
  canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (!blob) return;
  const source = page.find((fact) => fact.name === 'address')!.value;
  const texts = { Software: 'Offramp', Source: source, Description: inLines([...of, ...page]) };
  const written = withTexts(new Uint8Array(await blob.arrayBuffer()), texts);
  download(`${name}.png`, 'image/png', written);
}
