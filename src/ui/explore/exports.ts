/** What can be taken away of a trace and its policy. */
import { activeCurve, type ExploreState } from '../../state/scene/shown.ts';
import { copyThresholds, exportCurve, exportThresholds, exportTrace } from '../../state/exports.ts';
import { exportCurvePng, exportCurveSvg } from '../curve/figure.ts';
import type { Export } from '../page.ts';

const hasPolicy = ({ policy }: ExploreState): boolean => policy !== null;
const hasCurve = (state: ExploreState): boolean => activeCurve(state) !== null;

export const traceExports: readonly Export[] = [
  { label: 'Thresholds (JSON)', isThere: hasPolicy, take: exportThresholds },
  { label: 'Copy the thresholds', isThere: hasPolicy, take: copyThresholds },
  { label: 'Curve, train and test (CSV)', isThere: hasCurve, take: exportCurve },
  { label: 'Curve, as drawn (SVG)', isThere: hasCurve, take: exportCurveSvg },
  { label: 'Curve, as drawn (PNG)', isThere: hasCurve, take: exportCurvePng },
  { label: 'Trace (JSON and binary)', isThere: hasPolicy, take: exportTrace },
];
