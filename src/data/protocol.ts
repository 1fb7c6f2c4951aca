/** The wire between `client.ts` and the data worker: each request has an id and is answered once. Types only. */
import type { Dataset } from '../core/dataset.ts';
import type { FileDatasetId } from './catalogue.ts';
import type { ImageOrder } from './order.ts';
import type { LoadProgress, LoadRequest } from './load.ts';
import type { FilesReport } from './sources/files.ts';

export type DataRequest =
  | {
      readonly id: number;
      readonly type: 'load';
      readonly request: LoadRequest<File>;
      readonly mirror: string;
      readonly order: ImageOrder | undefined;
    }
  | {
      readonly id: number;
      readonly type: 'inspect';
      readonly files: readonly File[];
      readonly as: FileDatasetId | undefined;
    }
  /** Stops the request of that id; it answers with an AbortError. */
  | { readonly id: number; readonly type: 'cancel' };

export type DataResponse =
  | { readonly id: number; readonly type: 'progress'; readonly progress: LoadProgress }
  | { readonly id: number; readonly type: 'dataset'; readonly dataset: Dataset }
  | { readonly id: number; readonly type: 'report'; readonly report: FilesReport }
  | {
      readonly id: number;
      readonly type: 'error';
      readonly kind: 'abort' | 'data' | 'other';
      readonly message: string;
    };
