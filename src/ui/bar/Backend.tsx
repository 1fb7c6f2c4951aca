import type { BackendChoice } from '../../engine/protocol.ts';
import { useBackend } from '../../state/lease/engine.ts';
import { restartEngine } from '../../state/explore/run.ts';
import { choose, useSettings } from '../../state/settings.ts';
import { Popover } from '../shared/Popover.tsx';
import { later } from '../shared/later.tsx';
import { useRun } from '../shared/scene.ts';

const words: Readonly<Record<BackendChoice, string>> = {
  auto: 'the best there is',
  webgpu: 'WebGPU',
  wasm: 'the CPU (wasm)',
  cpu: 'JavaScript, far slower',
};

const OfflineNote = later<object>(
  0,
  () => import('./OfflineNote.tsx').then((module) => module.OfflineNote),
  'What is kept in this browser',
);

/** What computes, in plain words, and the choice of another. */
export function Backend() {
  const backend = useBackend((state) => state.backend);
  const isReplay = useRun(({ recorded, opened }) => recorded !== null || opened !== null);
  const chosen = useSettings((settings) => settings.backend);
  return (
    <Popover
      label={
        <>
          <span
            className={`lamp ${backend ? (backend.software ? 'slow' : 'on') : ''}`}
            aria-hidden="true"
          />
          {backend?.description ?? (isReplay ? 'nothing runs' : 'no backend yet')}
        </>
      }
      className="backend"
      title="What computes"
    >
      <p className="panel-help">
        Everything runs on this machine; no image leaves it.
        {backend?.fallback && ` ${backend.fallback}`}
      </p>
      <OfflineNote />
      <fieldset className="radios">
        <legend>Run on</legend>
        {(Object.keys(words) as BackendChoice[]).map((choice) => (
          <label key={choice}>
            <input
              type="radio"
              name="backend"
              checked={chosen === choice}
              onChange={() => {
                choose({ backend: choice });
                restartEngine();
              }}
            />
            {words[choice]}
          </label>
        ))}
      </fieldset>
    </Popover>
  );
}
