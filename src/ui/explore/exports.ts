/** What can be taken away of a trace and its policy. */
import { activeCurve, type Shown } from '../../state/scene/derive.ts';
import {
  copyThresholds,
  exportCurve,
  exportThresholds,
  exportTrace,
  stem,
} from '../../state/exports.ts';
import type { Export } from '../page.ts';
import { exportPng, exportSvg } from '../shared/figureFile.ts';

const hasPolicy = ({ policy }: Shown): boolean => policy !== null;
const hasCurve = (state: Shown): boolean => activeCurve(state) !== null;

/** The chart on screen: there is one wherever there is a curve. */
const curve = (): Element => document.querySelector('.curve')!;

export const traceExports: readonly Export[] = [
  { label: 'Thresholds (JSON)', isThere: hasPolicy, take: exportThresholds },
  { label: 'Copy the thresholds', isThere: hasPolicy, take: copyThresholds },
  { label: 'Curve, train and test (CSV)', isThere: hasCurve, take: exportCurve },
  {
    label: 'Curve, as drawn (SVG)',
    isThere: hasCurve,
    take: (scene) => exportSvg(curve(), `${stem(scene)}.curve`),
  },
  {
    label: 'Curve, as drawn (PNG)',
    isThere: hasCurve,
    take: (scene) => exportPng(curve(), `${stem(scene)}.curve`),
  },
  { label: 'Trace (JSON and binary)', isThere: hasPolicy, take: exportTrace },
];
