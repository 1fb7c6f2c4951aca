/** What figures that are taken away have in common: they carry their style, and become sharp pictures. */
import { download } from '../../state/exports.ts';

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
export function styledCopy(figure: SVGSVGElement, width: number, height: number): SVGSVGElement {
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

/** Downloads the text of an SVG of this size as a PNG. */
export async function downloadPng(
  text: string,
  width: number,
  height: number,
  name: string,
): Promise<void> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = width * SCALE;
  canvas.height = height * SCALE;
  canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob) download(`${name}.png`, 'image/png', blob);
}
