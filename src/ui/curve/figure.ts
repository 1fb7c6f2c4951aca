/** The chart as a figure to take away: an SVG that stands alone, or a PNG of it. */
import { download, stem } from '../../state/exports.ts';
import { downloadPng, styledCopy } from '../shared/figure.ts';

/** The chart inside the first element that a selector finds. */
function standAlone(within: string): { text: string; width: number; height: number } | null {
  const chart = document.querySelector<SVGSVGElement>(`${within} svg.recharts-surface`);
  if (!chart) return null;
  const { width, height } = chart.getBoundingClientRect();
  const legend = [...document.querySelectorAll<HTMLElement>(`${within} .legend > span`)];
  const total = height + (legend.length > 0 ? ROW * (legend.length + 1) : 0);
  const copy = styledCopy(chart, width, total);
  copy.setAttribute('viewBox', `0 0 ${width} ${total}`);
  // On the page the chart fills its box; alone it has the size that it says.
  copy.style.removeProperty('width');
  copy.style.removeProperty('height');
  copy.style.background = getComputedStyle(document.documentElement).getPropertyValue('--panel');
  legend.forEach((entry, n) => copy.append(...legendRow(entry, height + ROW * (n + 1))));
  return { text: new XMLSerializer().serializeToString(copy), width, height: total };
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
