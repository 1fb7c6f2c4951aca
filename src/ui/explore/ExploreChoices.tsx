import { classifierIds, isMethodId, METHODS, trainsFor } from '../../methods/registry.ts';
import { chooseAndRun } from '../../state/explore/run.ts';
import { useSettings } from '../../state/settings.ts';
import { Backend } from '../bar/Backend.tsx';
import { BudgetChoice } from '../bar/BudgetChoice.tsx';
import { ImagesMenu } from '../bar/ImagesMenu.tsx';
import { NetworkMenu } from '../bar/NetworkMenu.tsx';
import { OptionsMenu } from '../bar/OptionsMenu.tsx';
import { RunControl } from '../bar/RunControl.tsx';
import { useOpenedHead } from '../shared/scene.ts';

/** What the Explore page runs on what. */
export function ExploreChoices() {
  const method = useSettings((state) => state.method);
  const epochs = useSettings((state) => state.epochs);
  const opened = useOpenedHead();
  const isTrained = trainsFor(method) !== null;
  return (
    <>
      <div className="bar-choices">
        <ImagesMenu />
        <NetworkMenu />
        <label className="choice">
          <span className="choice-name">Method</span>
          <select
            value={opened?.method ?? method}
            onChange={(event) =>
              chooseAndRun({ method: event.target.value as typeof method, source: 'auto' })
            }
          >
            {opened && !isMethodId(opened.method) && (
              <option value={opened.method}>{opened.method}</option>
            )}
            {classifierIds.map((id) => (
              <option key={id} value={id}>
                {METHODS[id].name}
              </option>
            ))}
          </select>
        </label>
        {isTrained && !opened && <BudgetChoice epochs={epochs} />}
        <OptionsMenu />
      </div>
      <RunControl />
      <Backend />
    </>
  );
}
