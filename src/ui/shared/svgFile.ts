/** A figure of a page as a file: an SVG that stands alone, with its text as text, or a PNG of it. */
import { download } from '../../state/exports.ts';
import { cssRgb } from './colours.ts';
import { downloadPng, styledCopy } from './figure.ts';

/** The text of the file; sizes are those of the figure's own view box. */
function standAlone(figure: SVGSVGElement): string {
  const { width, height } = figure.viewBox.baseVal;
  const copy = styledCopy(figure, width, height);
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
  await downloadPng(standAlone(figure), width, height, name);
}
