/** What is loaded, from where. */
import type { Limit } from './assemble.ts';
import type { FileDatasetId } from './catalogue.ts';
import type { ByteSource } from './formats/bytes.ts';
import type { Fit } from './pictures/options.ts';
import type { Reading } from './pictures/read.ts';
import type { StrokesRequest } from './strokes/index.ts';

/** @template Source a file: with its bytes where it is read, with its path while it is on its way to a worker. */
export type LoadRequest<Source = ByteSource> =
  | ({ readonly id: 'strokes' } & StrokesRequest)
  | { readonly id: FileDatasetId; readonly base: 'mirror'; readonly limit?: Limit }
  | {
      readonly files: readonly Source[];
      /** Where they are of, pinned to a commit, where they came from the Hub. */
      readonly hub?: string;
      /** The dataset that idx files of unknown content are taken for. */
      readonly as?: FileDatasetId;
      /** How pictures are read; missing: brought to 32 × 32. */
      readonly reading?: Reading;
      readonly limit?: Limit;
    }
  /** Pictures of which nobody says what they show, as the test images beside the training images of a dataset. */
  | {
      readonly pictures: readonly Source[];
      readonly fit: Fit;
      readonly beside: LoadRequest<Source>;
    }
  /** Idx images without labels, or pictures without classes. */
  | {
      readonly unlabelled: readonly Source[];
      /** How pictures are read; missing: brought to 32 × 32. */
      readonly reading?: Reading;
      readonly limit?: Limit;
    };

/** The same request with its files as `of` has them. */
export function withFiles<From, To>(
  request: LoadRequest<From>,
  of: (file: From) => To,
): LoadRequest<To> {
  if ('files' in request) return { ...request, files: request.files.map(of) };
  if ('unlabelled' in request) return { ...request, unlabelled: request.unlabelled.map(of) };
  if ('pictures' in request)
    return {
      ...request,
      pictures: request.pictures.map(of),
      beside: withFiles(request.beside, of),
    };
  return request;
}
