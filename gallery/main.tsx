/** Draws the gallery; `?state=ten&panel=curve&theme=dark` draws one item. */
import { createRoot } from 'react-dom/client';
import { setTheme, themes, useView } from '../src/state/view.ts';
import { layHues } from '../src/ui/shared/hues.ts';
import { SceneContext } from '../src/ui/shared/scene.ts';
import { useTheme } from '../src/ui/shared/useTheme.ts';
import '../src/ui/styles/tokens.css';
import '../src/ui/styles/controls.css';
import '../src/ui/styles/layout.css';
import '../src/ui/bar/bar.css';
import '../src/ui/compare/compare.css';
import '../src/ui/paper/paper.css';
import '../src/ui/unsupervised/unsupervised.css';
import './gallery.css';
import { panels } from './panels.tsx';
import { sheets } from './sheets.tsx';
import { states } from './states.ts';

const asked = new URLSearchParams(window.location.search);
const theme = themes.find((name) => name === asked.get('theme'));
if (theme) setTheme(theme);

const wants = (key: string, id: string): boolean => (asked.get(key) ?? id) === id;

/** One item a panel and state; ids are what tests and links name. */
const items = [
  ...states
    .filter(({ id }) => wants('state', id))
    .flatMap(({ id: state, title, of, scene: make }) => {
      const scene = make();
      return panels
        .filter(({ only }) => only === undefined || only === of)
        .map(({ id, title: panel, Panel, width }) => ({
          ...{ id, state, title: `${panel}: ${title}`, width },
          drawn: (
            <SceneContext value={scene}>
              <Panel />
            </SceneContext>
          ),
        }));
    }),
  ...(wants('state', 'sheet') ? sheets() : []).map((sheet) => ({
    ...sheet,
    state: 'sheet',
    width: 'left',
  })),
].filter(({ id, state }) => wants('panel', id) && wants('state', state));

function Gallery() {
  useTheme();
  const chosen = useView((view) => view.theme);
  return (
    <main className="gallery">
      <h1>Gallery</h1>
      <nav className="gallery-nav" aria-label="Gallery">
        {themes.map((name) => (
          <button key={name} aria-pressed={name === chosen} onClick={() => setTheme(name)}>
            {name}
          </button>
        ))}
        <a href="?">everything</a>
        {states.map(({ id, title }) => (
          <a key={id} href={`?state=${id}`}>
            {title}
          </a>
        ))}
        <a href="?state=sheet">Try, opened traces, Compare and Paper</a>
      </nav>
      {items.map(({ id, state, title, width, drawn }) => (
        <article
          key={`${state} ${id}`}
          className={`gallery-item gallery-${width}`}
          data-state={state}
          data-panel={id}
          aria-label={title}
        >
          <h2>{title}</h2>
          {drawn}
        </article>
      ))}
    </main>
  );
}

layHues();
createRoot(document.getElementById('root')!).render(<Gallery />);
