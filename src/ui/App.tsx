import { useEffect } from 'react';
import { sceneOf } from '../state/scenes.ts';
import { useView } from '../state/view.ts';
import { Bar } from './bar/Bar.tsx';
import { viewOf } from './pages.ts';
import { CONTENT, SkipLink } from './bar/SkipLink.tsx';
import { Cards } from './network/Cards.tsx';
import { DropZone } from './shared/DropZone.tsx';
import { Notices } from './shared/Notices.tsx';
import { SceneContext } from './shared/scene.ts';
import { PageWait } from './shared/PageWait.tsx';
import { useParts } from './shared/useParts.ts';
import { useTheme } from './shared/useTheme.ts';
import { later } from './shared/later.tsx';
import { useWaiting } from '../state/traces/waiting.ts';
import './shared/frame.css';

const Questions = later<object>(
  0,
  () => import('./traces/Questions.tsx').then((module) => module.Questions),
  'What is to be asked of the opened files',
);

/** The bar, what there is to say, and one page. */
export function App() {
  useTheme();
  const page = viewOf(useView((view) => view.page));
  const { parts, failed, retry } = useParts(page);
  const isAsked = useWaiting(({ question, asked }) => question !== null || asked !== null);
  useEffect(() => {
    document.title = page.title;
    window.scrollTo(0, 0);
  }, [page]);
  return (
    <SceneContext value={sceneOf(page.id)}>
      <SkipLink />
      <Bar parts={parts} />
      <Notices />
      <Cards />
      <main id={CONTENT} tabIndex={-1}>
        {parts ? (
          <parts.Body key={page.id} />
        ) : (
          <PageWait name={page.name} failed={failed} retry={retry} />
        )}
      </main>
      <DropZone />
      {isAsked && <Questions />}
    </SceneContext>
  );
}
