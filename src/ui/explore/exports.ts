/** What can be taken away of a trace and its policy. */
import { activeCurve, type Shown } from '../../state/scene/derive.ts';
import { stem } from '../../state/stem.ts';
import type { Export } from '../page.ts';
import { unitHeld } from '../shared/methods.ts';
import { figures, files, models, supplements, using } from '../shared/takeAway.ts';

const hasPolicy = ({ policy }: Shown): boolean => policy !== null;
const hasCurve = (state: Shown): boolean => activeCurve(state) !== null;

/** The chart on screen: there is one wherever there is a curve. */
const curve = (): Element => document.querySelector('.curve')!;

export const traceExports: readonly Export[] = [
  {
    label: 'Thresholds (JSON)',
    isThere: hasPolicy,
    take: (scene) => using(files, ({ exportThresholds }) => exportThresholds(scene)),
  },
  {
    label: 'Copy the thresholds',
    isThere: hasPolicy,
    take: (scene) => using(files, ({ copyThresholds }) => copyThresholds(scene)),
  },
  {
    label: 'Curve, train and test (CSV)',
    isThere: hasCurve,
    take: (scene) => using(files, ({ exportCurve }) => exportCurve(scene)),
  },
  {
    label: 'Curve, as drawn (SVG)',
    isThere: hasCurve,
    take: (scene) =>
      using(figures, ({ exportSvg, sceneFacts }) =>
        exportSvg(curve(), `${stem(scene)}.curve`, sceneFacts(scene)),
      ),
  },
  {
    label: 'Curve, as drawn (PNG)',
    isThere: hasCurve,
    take: (scene) =>
      using(figures, ({ exportPng, sceneFacts }) =>
        exportPng(curve(), `${stem(scene)}.curve`, sceneFacts(scene)),
      ),
  },
  {
    label: 'Trace (JSON and binary)',
    isThere: hasPolicy,
    take: (scene) => using(files, ({ exportTrace }) => exportTrace(scene)),
  },
  {
    label: 'This run in one file (HTML)',
    isThere: hasPolicy,
    take: (scene) => {
      const { trace, chosen } = scene.shown.getState();
      return using(supplements, ({ exportSupplement }) =>
        exportSupplement(scene, unitHeld(chosen, trace!)),
      );
    },
  },
  {
    label: 'Model that runs elsewhere (zip)',
    isThere: hasPolicy,
    take: (scene) => using(models, ({ exportModel }) => exportModel(scene)),
  },
];
