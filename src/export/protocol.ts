/** What the worker that writes exports is asked. Types only. */
import type { Progress, Wanted } from './bundle.ts';

export interface ExportCalls {
  /** A zip of everything in a folder. */
  write: {
    request: { readonly wanted: Wanted; readonly folder: string };
    result: Uint8Array<ArrayBuffer>;
    progress: Progress;
  };
}
