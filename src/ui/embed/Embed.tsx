import { useEffect, useRef, useState, type ComponentType, type ReactNode } from 'react';
import { writeLink } from '../../state/address/url.ts';
import { linkOf } from '../../state/address/link.ts';
import { notify } from '../../state/notices.ts';
import { hasPanels } from '../../state/provenance/embed.ts';
import { sceneFacts } from '../../state/provenance/facts.ts';
import { sceneOf } from '../../state/scenes.ts';
import { useView, type PanelName } from '../../state/view.ts';
import { CurvePanel } from '../curve/CurvePanel.tsx';
import { ImagePanel } from '../image/ImagePanel.tsx';
import { viewOf } from '../pages.ts';
import { Exits } from '../rail/Exits.tsx';
import { MatrixDialog } from '../rail/MatrixDialog.tsx';
import { Notices } from '../shared/Notices.tsx';
import { PageWait } from '../shared/PageWait.tsx';
import { SceneContext, useScene, useShown } from '../shared/scene.ts';
import { useParts } from '../shared/useParts.ts';
import { useTheme } from '../shared/useTheme.ts';
import { followHeight } from './height.ts';
import './embed.css';

/** What of a scene can stand alone; the sheet hides of the exits what is not asked for. */
const PANELS: Readonly<Record<PanelName, ComponentType>> = {
  curve: CurvePanel,
  rail: Exits,
  map: Exits,
  image: ImagePanel,
};

/** Inside of a frame on another page: one panel, or a page without the bar, and a way to all of it. */
export function Embed() {
  useTheme();
  const page = useView((view) => view.page);
  const asked = useView((view) => view.panel);
  const box = useRef<HTMLDivElement>(null);
  const panel = hasPanels(page) ? asked : null;
  const { title, name } = viewOf(page);
  useEffect(() => followHeight(box.current!), []);
  useEffect(() => {
    document.title = title;
    if (asked && !panel)
      notify('note', `${name} has no panel “${asked}” that stands alone; the whole page is shown.`);
  }, [asked, panel, name, title]);
  return (
    <SceneContext value={sceneOf(page)}>
      <div ref={box} className={`embed${panel ? ` embed-${panel}` : ''}`}>
        <Notices />
        <main>
          {panel && <h1 className="visually-hidden">{title}</h1>}
          {panel ? <OnePanel name={panel} /> : <WholePage key={page} />}
          {panel && <MatrixDialog />}
        </main>
        <Origin />
      </div>
    </SceneContext>
  );
}

function OnePanel({ name }: { readonly name: PanelName }): ReactNode {
  const Panel = PANELS[name];
  return (
    <div className="embed-panel">
      <Panel />
    </div>
  );
}

function WholePage() {
  const page = viewOf(useView((view) => view.page));
  const { parts, failed, retry } = useParts(page);
  return parts ? <parts.Body /> : <PageWait name={page.name} failed={failed} retry={retry} />;
}

/** What the numbers are of, and where they can be followed further. */
function Origin() {
  const scene = useScene();
  const page = useView((view) => view.page);
  const trace = useShown((state) => state.trace);
  const [link, setLink] = useState('./');
  const facts = trace ? sceneFacts(scene) : [];
  const said = ['method', 'network', 'images', 'split', 'made'].flatMap(
    (name) => facts.find((fact) => fact.name === name)?.value ?? [],
  );
  // Asked for at the click: until then thresholds and selection may move.
  const refresh = (): void => {
    const of = linkOf(page);
    setLink(writeLink({ ...of, view: { ...of.view, embed: null, panel: null } }) || './');
  };
  return (
    <footer className="embed-origin">
      <span>{hasPanels(page) ? said.join(' · ') : viewOf(page).title}</span>
      <a
        href={link}
        target="_blank"
        rel="noopener"
        onPointerDown={refresh}
        onFocus={refresh}
        onPointerEnter={refresh}
      >
        Open in Offramp
      </a>
    </footer>
  );
}
