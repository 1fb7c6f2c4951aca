/** A figure of this page as a file: an SVG that stands alone, with its text as text, or a PNG of it. */
import { download } from '../../state/exports.ts';
import { cssRgb } from '../shared/colours.ts';

/** Properties that style sheets and variables give; outside of the page a figure must carry them. */
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
/** Pixels of the PNG for each unit of the figure: sharp in print. */
const SCALE = 3;

/** The text of the file; sizes are those of the figure's own view box. */
function standAlone(figure: SVGSVGElement): string {
  const { width, height } = figure.viewBox.baseVal;
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
  copy.removeAttribute('class');
  const paper = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  paper.setAttribute('width', `${width}`);
  paper.setAttribute('height', `${height}`);
  paper.setAttribute('fill', `rgb(${cssRgb('--panel').join()})`);
  copy.prepend(paper);
  return new XMLSerializer().serializeToString(copy);
}

export function exportSvg(figure: SVGSVGElement, name: string): void {
  download(`${name}.svg`, 'image/svg+xml', standAlone(figure));
}

export async function exportPng(figure: SVGSVGElement, name: string): Promise<void> {
  const { width, height } = figure.viewBox.baseVal;
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(standAlone(figure))}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = width * SCALE;
  canvas.height = height * SCALE;
  canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob) download(`${name}.png`, 'image/png', blob);
}
