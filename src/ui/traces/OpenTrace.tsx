import { useRef } from 'react';
import { openGiven } from '../../state/traces/given.ts';

/** Opens a trace of any network from files. */
export function OpenTrace() {
  const picker = useRef<HTMLInputElement>(null);
  return (
    <div className="open-files">
      <button type="button" className="button" onClick={() => picker.current!.click()}>
        Open a trace …
      </button>
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        accept=".json,.bin,.zip"
        aria-label="Trace files"
        onChange={(event) => {
          const given = [...(event.target.files ?? [])];
          event.target.value = '';
          if (given.length > 0) void openGiven(given);
        }}
      />
      <p className="panel-help">
        NAME.trace.json with NAME.trace.bin, of train and test, or a zip of them: of any network,
        from Export here, from the recorder or from Python. Exported thresholds open as well.
      </p>
    </div>
  );
}
