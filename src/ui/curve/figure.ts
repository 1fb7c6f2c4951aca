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

/** The chart inside the first element that a selector finds. */
function standAlone(within: string): { text: string; width: number; height: number } | null {
  const chart = document.querySelector<SVGSVGElement>(`${within} svg.recharts-surface`);
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

export function exportChartSvg(within: string, name: string): void {
  const figure = standAlone(within);
  if (figure) download(`${name}.svg`, 'image/svg+xml', figure.text);
}

/** At three times the size on screen: sharp in print. */
export async function exportChartPng(within: string, name: string): Promise<void> {
  const figure = standAlone(within);
  if (!figure) return;
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(figure.text)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = figure.width * 3;
  canvas.height = figure.height * 3;
  canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob) download(`${name}.png`, 'image/png', blob);
}

export const exportCurveSvg = (): void => exportChartSvg('.curve', `${stem()}.curve`);
export const exportCurvePng = (): Promise<void> => exportChartPng('.curve', `${stem()}.curve`);
