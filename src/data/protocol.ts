/** What the data worker is asked, and what it answers. Types only. */
import type { Dataset, ImageShape } from '../core/dataset.ts';
import type { Answer, Message } from '../wire/messages.ts';
import type { FileDatasetId } from './catalogue.ts';
import type { HubFiles } from './hub/fetch.ts';
import type { ImageOrder } from './order.ts';
import type { LoadProgress } from './load.ts';
import type { Sharing } from './pictures/tree.ts';
import type { PlacedFile } from './places.ts';
import type { LoadRequest } from './request.ts';
import type { Shift } from './shift/corruptions.ts';
import type { FilesReport } from './sources/files.ts';
import type { Answers, Built, Draft, TableRevision } from './traces/draft.ts';
import type { HeldRun, HoldRequest } from './traces/hold.ts';
import type { Coming } from './traces/fetch.ts';
import type { OpenedFiles, TracePlaces } from './traces/open.ts';
import type { PackedRun } from './traces/packed.ts';
import type { OpenedRun } from './traces/runs.ts';

export interface DataCalls {
  load: {
    request: {
      readonly what: LoadRequest<PlacedFile>;
      readonly mirror: string;
      readonly order: ImageOrder | undefined;
    };
    result: Dataset;
    progress: LoadProgress;
  };
  inspect: {
    request: {
      readonly files: readonly PlacedFile[];
      readonly as: FileDatasetId | undefined;
      readonly sharing: Sharing | undefined;
    };
    result: FilesReport;
  };
  /** The bytes of a file that a person has named by its address: this worker alone speaks to other servers. */
  fetch: {
    request: { readonly address: string; readonly most: number };
    result: Uint8Array;
    progress: Coming;
  };
  /** A dataset of the Hugging Face Hub, that a person has named. */
  hub: {
    request: { readonly name: string; readonly known: readonly string[] };
    result: HubFiles;
    progress: LoadProgress;
  };
  traces: { request: TracePlaces; result: OpenedFiles };
  /** Reads the tables of a draft in another way. */
  revise: {
    request: { readonly id: number; readonly tables: readonly TableRevision[] };
    result: Draft;
  };
  /** Holds an opened run by another confidence. */
  hold: { request: HoldRequest; result: HeldRun };
  /** Reads and checks runs that the browser kept. */
  unpack: { request: { readonly runs: readonly PackedRun[] }; result: readonly OpenedRun[] };
  /** Images corrupted in a known way. */
  shift: {
    request: { readonly images: Uint8Array; readonly shape: ImageShape; readonly shift: Shift };
    result: Uint8Array;
  };
  /** Makes traces of a draft. */
  build: { request: { readonly id: number; readonly answers: Answers }; result: Built };
}

export type DataRequest = Message<DataCalls>;
export type DataResponse = Answer;
