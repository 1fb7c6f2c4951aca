import { useRef } from 'react';
import { openGiven, OPENS } from '../../state/traces/given.ts';

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
        accept={OPENS}
        aria-label="Trace files"
        onChange={(event) => {
          const given = [...(event.target.files ?? [])];
          event.target.value = '';
          if (given.length > 0) void openGiven(given);
        }}
      />
      <p className="panel-help">
        Of any network: NAME.trace.json with NAME.trace.bin, NumPy’s .npz and .npy, PyTorch’s .pth,
        a CSV, or a zip of them. What a file does not say is asked. Exported thresholds open as
        well.
      </p>
    </div>
  );
}
