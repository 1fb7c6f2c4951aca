/** What the data worker is asked, and what it answers. Types only. */
import type { Dataset } from '../core/dataset.ts';
import type { Answer, Message } from '../wire/messages.ts';
import type { FileDatasetId } from './catalogue.ts';
import type { ImageOrder } from './order.ts';
import type { LoadProgress, LoadRequest } from './load.ts';
import type { FilesReport } from './sources/files.ts';
import type { OpenedTrace, TracePlaces } from './traces/open.ts';

export interface DataCalls {
  load: {
    request: {
      readonly what: LoadRequest<File>;
      readonly mirror: string;
      readonly order: ImageOrder | undefined;
    };
    result: Dataset;
    progress: LoadProgress;
  };
  inspect: {
    request: { readonly files: readonly File[]; readonly as: FileDatasetId | undefined };
    result: FilesReport;
  };
  traces: { request: TracePlaces; result: readonly OpenedTrace[] };
}

export type DataRequest = Message<DataCalls>;
export type DataResponse = Answer;
