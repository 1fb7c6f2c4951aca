import { useRef } from 'react';
import { curvesOf, panelBytes, searchPanel, useCurves } from '../../state/paper/curves.ts';
import type { CurvePanel } from '../../state/paper/figure2.ts';
import { usePaper } from '../../state/paper/store.ts';
import { bytes, plural } from '../shared/format.ts';
import { Conditions } from './Conditions.tsx';
import { CurvePlot } from './CurvePlot.tsx';
import { PanelNumbers } from './PanelNumbers.tsx';
import { exportPng, exportSvg } from './exportFigure.ts';

/** A panel with its curves, or an empty frame that says why it is empty. */
export function CurvePanelBox({ panel }: { readonly panel: CurvePanel }) {
  const empty = panel.series.every(({ runs }) => runs.length === 0);
  const absent = panel.series.filter(({ need }) => need !== null);
  return (
    <div className="paper-panel">
      {empty ? (
        <div className="paper-frame">
          <h3>{panel.title}</h3>
          <p>
            not recorded yet
            {panel.need && (
              <>
                : <a href="#networks">our network is not trained</a>
              </>
            )}
          </p>
        </div>
      ) : (
        <DrawnPanel panel={panel} />
      )}
      {!empty && absent.length > 0 && (
        <p className="paper-note">
          Missing here: {absent.map(({ title, need }) => `${title} (${need!.sentence})`).join('; ')}
          .
        </p>
      )}
      {!empty && <Conditions conditions={panel.conditions} />}
    </div>
  );
}

function DrawnPanel({ panel }: { readonly panel: CurvePanel }) {
  const search = usePaper((state) => state.search);
  const { found, running, problems } = useCurves();
  const figure = useRef<SVGSVGElement>(null);
  const drawn = panel.series.map((series) => ({ series, ...curvesOf(series, search, found) }));
  const searched = drawn.every((one) => one.series.runs.length === 0 || one.searched);
  const done = running[panel.id];
  const name = `figure-2.${panel.dataset}.${panel.network}.test`;
  return (
    <>
      <CurvePlot
        ref={figure}
        title={panel.title}
        note={`test, ${plural(panel.testImages ?? 0, 'image')}`}
        plain={panel.plain}
        series={drawn.map((one) => ({
          method: one.series.method,
          exits: one.series.exits,
          budgets: one.searched ? [] : one.curves.flat(),
          curves: one.searched ? one.curves : [],
        }))}
      />
      <div className="paper-tools">
        {!searched && (
          <button
            type="button"
            className="button small"
            disabled={done !== undefined}
            onClick={() => void searchPanel(panel, search)}
          >
            {done !== undefined
              ? `Searching … ${Math.round(100 * done)} %`
              : `Search the whole curve (${bytes(panelBytes(panel))})`}
          </button>
        )}
        <button
          type="button"
          className="button small"
          onClick={() => exportSvg(figure.current!, name)}
        >
          SVG
        </button>
        <button
          type="button"
          className="button small"
          onClick={() => void exportPng(figure.current!, name)}
        >
          PNG
        </button>
      </div>
      <PanelNumbers panel={panel} />
      {problems[panel.id] && <p className="paper-note">{problems[panel.id]}</p>}
    </>
  );
}
