import { classifierIds, METHODS } from '../../methods/registry.ts';
import { chooseAndRun } from '../../state/explore/run.ts';
import { useSettings } from '../../state/settings.ts';
import { useView } from '../../state/view.ts';
import { Backend } from './Backend.tsx';
import { BudgetChoice } from './BudgetChoice.tsx';
import { ExportMenu } from './ExportMenu.tsx';
import { ImagesMenu } from './ImagesMenu.tsx';
import { NetworkMenu } from './NetworkMenu.tsx';
import { OptionsMenu } from './OptionsMenu.tsx';
import { Pages } from './Pages.tsx';
import { RunControl } from './RunControl.tsx';
import { ClusterBar } from '../unsupervised/ClusterBar.tsx';
import { ShareButton } from './ShareButton.tsx';
import { ThemeButton } from './ThemeButton.tsx';

/** The pages; what runs on what, run and stop, the backend; share, export, theme. */
export function Bar() {
  const page = useView((view) => view.page);
  return (
    <header className="bar">
      <h1 className="brand">
        <svg viewBox="0 0 32 24" width="26" height="20" aria-hidden="true">
          <path d="M2 5h28" stroke="currentColor" strokeWidth="4" strokeLinecap="round" />
          <path
            d="M7 5c9 0 7 14 16 14"
            fill="none"
            stroke="#35b779"
            strokeWidth="4"
            strokeLinecap="round"
          />
        </svg>
        Offramp
      </h1>
      <Pages />
      {page === 'explore' && <Choices />}
      {page === 'compare' && <Course />}
      {page === 'unsupervised' && <ClusterBar />}
      <div className="bar-tools">
        <ShareButton />
        {(page === 'explore' || page === 'unsupervised') && <ExportMenu />}
        <ThemeButton />
      </div>
    </header>
  );
}

/** What the Compare page races on. */
function Course() {
  return (
    <>
      <div className="bar-choices">
        <ImagesMenu />
        <NetworkMenu />
      </div>
      <Backend />
    </>
  );
}

/** What the Explore page runs on what. */
function Choices() {
  const { method, epochs } = useSettings();
  const isTrained = METHODS[method].trainsFor !== null;
  return (
    <>
      <div className="bar-choices">
        <ImagesMenu />
        <NetworkMenu />
        <label className="choice">
          <span className="choice-name">Method</span>
          <select
            value={method}
            onChange={(event) =>
              chooseAndRun({ method: event.target.value as typeof method, source: 'auto' })
            }
          >
            {classifierIds.map((id) => (
              <option key={id} value={id}>
                {METHODS[id].name}
              </option>
            ))}
          </select>
        </label>
        {isTrained && <BudgetChoice epochs={epochs} />}
        <OptionsMenu />
      </div>
      <RunControl />
      <Backend />
    </>
  );
}
