import { useRef } from 'react';
import { panelCsv, type CurvePanel } from '../../state/paper/figure2.ts';
import { recordedFacts } from '../../state/provenance/facts.ts';
import { FigureButtons } from '../shared/FigureButtons.tsx';
import { plural } from '../shared/format.ts';
import { Conditions } from './Conditions.tsx';
import { CurvePlot } from './CurvePlot.tsx';
import { PanelNumbers } from './PanelNumbers.tsx';

/** A panel with its curves, or an empty frame that says why it is empty. */
export function CurvePanelBox({ panel }: { readonly panel: CurvePanel }) {
  const absent = panel.series.filter(({ need }) => need !== null);
  if (absent.length === panel.series.length)
    return (
      <div className="paper-panel">
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
      </div>
    );
  return (
    <div className="paper-panel">
      <DrawnPanel panel={panel} />
      {absent.length > 0 && (
        <p className="paper-note">
          Not recorded yet: {absent.map(({ title }) => title).join(', ')}.
        </p>
      )}
      <Conditions conditions={panel.conditions} />
      <PanelNumbers panel={panel} />
    </div>
  );
}

function DrawnPanel({ panel }: { readonly panel: CurvePanel }) {
  const figure = useRef<SVGSVGElement>(null);
  const name = `figure-2.${panel.dataset}.${panel.network}.test`;
  return (
    <>
      <CurvePlot
        ref={figure}
        title={panel.title}
        note={`Accuracy on test, ${plural(panel.testImages ?? 0, 'image')}`}
        plain={panel.plain}
        series={panel.series.filter(({ runs }) => runs.length > 0)}
      />
      <FigureButtons
        figure={figure}
        stem={name}
        csv={() => panelCsv(panel)}
        of={() => recordedFacts(panel.series.flatMap(({ runs }) => runs))}
      />
    </>
  );
}
