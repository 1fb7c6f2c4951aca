/** The chart as a figure to take away: an SVG that stands alone, or a PNG of it. */
import { download, stem } from '../../state/exports.ts';
import { downloadPng, styledCopy } from '../shared/figure.ts';

/** The chart inside the first element that a selector finds. */
function standAlone(within: string): { text: string; width: number; height: number } | null {
  const chart = document.querySelector<SVGSVGElement>(`${within} svg.recharts-surface`);
  if (!chart) return null;
  const { width, height } = chart.getBoundingClientRect();
  const copy = styledCopy(chart, width, height);
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
  if (figure) await downloadPng(figure.text, figure.width, figure.height, name);
}

export const exportCurveSvg = (): void => exportChartSvg('.curve', `${stem()}.curve`);
export const exportCurvePng = (): Promise<void> => exportChartPng('.curve', `${stem()}.curve`);
