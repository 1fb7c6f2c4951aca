import { METHODS } from '../../methods/registry.ts';
import { networksFor } from '../../network/catalogue.ts';
import { chooseAndRun, useSession } from '../../state/session.ts';
import { useSettings } from '../../state/settings.ts';
import { Backend } from './Backend.tsx';
import { ExportMenu } from './ExportMenu.tsx';
import { ImagesMenu } from './ImagesMenu.tsx';
import { OptionsMenu } from './OptionsMenu.tsx';
import { RunControl } from './RunControl.tsx';
import { ShareButton } from './ShareButton.tsx';
import { ThemeButton } from './ThemeButton.tsx';

/** What runs on what: images, network, method; run and stop; the backend; share, export, theme. */
export function Bar() {
  const { dataset, network, method } = useSettings();
  const loaded = useSession((session) => session.network);
  const candidates = networksFor(dataset);
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
      <div className="bar-choices">
        <ImagesMenu />
        <label className="choice">
          <span>Network</span>
          <select
            value={candidates.find(({ id }) => id === network)?.id ?? candidates[0]?.id ?? ''}
            onChange={(event) => chooseAndRun({ network: event.target.value })}
            title={loaded?.card.title}
          >
            {candidates.length === 0 && <option value="">none trained on these images</option>}
            {candidates.map(({ id, title }) => (
              <option key={id} value={id}>
                {title}
              </option>
            ))}
          </select>
        </label>
        <label className="choice">
          <span>Method</span>
          <select
            value={method}
            onChange={(event) => chooseAndRun({ method: event.target.value as typeof method })}
          >
            {Object.entries(METHODS).map(([id, { name }]) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <OptionsMenu />
      </div>
      <RunControl />
      <Backend />
      <div className="bar-tools">
        <ShareButton />
        <ExportMenu />
        <ThemeButton />
      </div>
    </header>
  );
}
