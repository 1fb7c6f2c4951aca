import { copyThresholds, exportCurve, exportThresholds, exportTrace } from '../../state/exports.ts';
import { activeCurve, useExplore } from '../../state/scene/shown.ts';
import { exportCurvePng, exportCurveSvg } from '../curve/figure.ts';
import { Popover } from '../shared/Popover.tsx';

/** What can be taken away. */
export function ExportMenu() {
  const policy = useExplore((state) => state.policy);
  const curve = useExplore(activeCurve);
  return (
    <Popover label="Export" title="Export" className="export-menu">
      <button type="button" className="button quiet" disabled={!policy} onClick={exportThresholds}>
        Thresholds (JSON)
      </button>
      <button
        type="button"
        className="button quiet"
        disabled={!policy}
        onClick={() => void copyThresholds()}
      >
        Copy the thresholds
      </button>
      <button type="button" className="button quiet" disabled={!curve} onClick={exportCurve}>
        Curve, train and test (CSV)
      </button>
      <button type="button" className="button quiet" disabled={!curve} onClick={exportCurveSvg}>
        Curve, as drawn (SVG)
      </button>
      <button
        type="button"
        className="button quiet"
        disabled={!curve}
        onClick={() => void exportCurvePng()}
      >
        Curve, as drawn (PNG)
      </button>
      <button type="button" className="button quiet" disabled={!policy} onClick={exportTrace}>
        Trace (JSON and binary)
      </button>
    </Popover>
  );
}
