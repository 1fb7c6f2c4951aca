import { useRef } from 'react';
import { opening, using } from '../shared/takeAway.ts';

/** Opens a network of a person's own from files. */
export function OpenNetwork() {
  const picker = useRef<HTMLInputElement>(null);
  return (
    <div className="open-files">
      <button type="button" className="button" onClick={() => picker.current!.click()}>
        Open a network …
      </button>
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        accept=".onnx,.keras,.h5,.hdf5,.json,.bin,.data"
        aria-label="Network files"
        onChange={(event) => {
          const given = [...(event.target.files ?? [])];
          event.target.value = '';
          if (given.length > 0) void using(opening, ({ openFiles }) => openFiles(given));
        }}
      />
      <p className="panel-help">
        An ONNX file from PyTorch or any other tool, a .keras or .h5 file, or model.json of a tfjs
        model with its weights; or drop them anywhere. How it is fed is asked.
      </p>
    </div>
  );
}
