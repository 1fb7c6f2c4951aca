/** What can be taken away of a trace and its policy. */
import { activeCurve, type ExploreState } from '../../state/scene/shown.ts';
import {
  copyThresholds,
  exportCurve,
  exportThresholds,
  exportTrace,
  stem,
} from '../../state/exports.ts';
import type { Export } from '../page.ts';
import { exportPng, exportSvg } from '../shared/figureFile.ts';

const hasPolicy = ({ policy }: ExploreState): boolean => policy !== null;
const hasCurve = (state: ExploreState): boolean => activeCurve(state) !== null;

/** The chart on screen: there is one wherever there is a curve. */
const curve = (): Element => document.querySelector('.curve')!;

export const traceExports: readonly Export[] = [
  { label: 'Thresholds (JSON)', isThere: hasPolicy, take: exportThresholds },
  { label: 'Copy the thresholds', isThere: hasPolicy, take: copyThresholds },
  { label: 'Curve, train and test (CSV)', isThere: hasCurve, take: exportCurve },
  {
    label: 'Curve, as drawn (SVG)',
    isThere: hasCurve,
    take: () => exportSvg(curve(), `${stem()}.curve`),
  },
  {
    label: 'Curve, as drawn (PNG)',
    isThere: hasCurve,
    take: () => exportPng(curve(), `${stem()}.curve`),
  },
  { label: 'Trace (JSON and binary)', isThere: hasPolicy, take: exportTrace },
];
