/** The chart as a figure to take away: an SVG that stands alone, or a PNG of it. */
import { download, stem } from '../../state/exports.ts';

/** Properties that the page's style sheets and variables give; a figure outside of the page must carry them. */
const CARRIED = [
  'fill',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'opacity',
  'font-size',
  'font-family',
];

function standAlone(): { text: string; width: number; height: number } | null {
  const chart = document.querySelector<SVGSVGElement>('.curve svg.recharts-surface');
  if (!chart) return null;
  const { width, height } = chart.getBoundingClientRect();
  const copy = chart.cloneNode(true) as SVGSVGElement;
  const originals = [chart, ...chart.querySelectorAll<SVGElement>('*')];
  const copies = [copy, ...copy.querySelectorAll<SVGElement>('*')];
  originals.forEach((original, i) => {
    const style = getComputedStyle(original);
    for (const property of CARRIED)
      copies[i]!.style.setProperty(property, style.getPropertyValue(property));
  });
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', `${width}`);
  copy.setAttribute('height', `${height}`);
  copy.style.background = getComputedStyle(document.documentElement).getPropertyValue('--panel');
  return { text: new XMLSerializer().serializeToString(copy), width, height };
}

export function exportCurveSvg(): void {
  const figure = standAlone();
  if (figure) download(`${stem()}.curve.svg`, 'image/svg+xml', figure.text);
}

/** At three times the size on screen: sharp in print. */
export async function exportCurvePng(): Promise<void> {
  const figure = standAlone();
  if (!figure) return;
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(figure.text)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = figure.width * 3;
  canvas.height = figure.height * 3;
  canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob) download(`${stem()}.curve.png`, 'image/png', blob);
}
