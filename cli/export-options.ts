/** What a person may ask the export for. */
import { parseArgs } from 'node:util';
import { FITS } from '../src/data/pictures/options.ts';
import { datasetIds } from '../src/data/catalogue.ts';
import { classifierIds, isMethodId } from '../src/methods/registry.ts';
import {
  checkFlags,
  METHOD_FLAGS,
  METHOD_HELP,
  runsOf,
  type MethodRunAsked,
} from './method-options.ts';
import { imagesAsked, listOf, OPTIONS, whole, type ImagesAsked } from './options.ts';

export const HELP = `npm run export -- --dataset D --network N --method M --out FILE.zip
  Fits a method and writes it as ONNX, Python, JavaScript and C, with a check of each (docs/export.md).

npm run export -- --recorded ID --html FILE.html
  Writes a run of public/runs as one HTML file that replays it (docs/share.md); with the above, --html writes one of the
  method that was fitted.

  --dataset       ${datasetIds.join(', ')}
  --network       an id under public/networks, a folder with model.json and card.json, or FILE.onnx, .keras or .h5 with FILE.card.json
  --method        ${classifierIds.join(', ')} (default: e2cm)
  --thresholds    a file of thresholds, as the page exports them; for each exit and class, too
  --policy        the thresholds themselves, with commas between, one an exit but the last: 0.7,0.9,Infinity
  --flops         share of the network's FLOPs that the frontier search may spend, on the training images, where
                  neither is given (default: 0.5)
  --data          folder of published files (default: the variable OFFRAMP_DATA)
  --fit           how pictures of other shapes become square: ${Object.keys(FITS).join(', ')} (default: crop)
  --test-share    share of every class of pictures that is kept for test where no folder says it (default 0.2), drawn by
                  --split-seed (default 1)
  --test-images   trace the first n test images (default: all)
  --strokes-seed  seed of strokes (default 1); --train and --test: its numbers of images (60000, 10000)
  --workers       compute threads (default: one a core)
  --out           the zip; --html: one HTML file that replays the test images' trace

Options of the methods
${METHOD_HELP}`;

const { dataset, network, method, data, train, test, workers, out, help } = OPTIONS;
const OWN = {
  ...{ dataset, network, method, data, train, test, workers, out, help },
  'test-images': OPTIONS['test-images'],
  fit: OPTIONS.fit,
  'test-share': OPTIONS['test-share'],
  'split-seed': OPTIONS['split-seed'],
  'strokes-seed': OPTIONS['strokes-seed'],
  thresholds: { type: 'string', default: '' },
  policy: { type: 'string', default: '' },
  flops: { type: 'string', default: '0.5' },
  html: { type: 'string', default: '' },
  recorded: { type: 'string', default: '' },
} as const;

/** Where the thresholds come from. */
export type PolicyAsked =
  | { readonly from: 'file'; readonly path: string }
  | { readonly from: 'list'; readonly thresholds: readonly number[] }
  | { readonly from: 'search'; readonly flops: number };

export interface ExportAsked {
  readonly images: ImagesAsked;
  readonly network: string;
  readonly run: MethodRunAsked;
  readonly policy: PolicyAsked;
  readonly workers: number;
  /** The zip; null where only HTML is asked for. */
  readonly out: string | null;
  readonly html: string | null;
}

/** A recorded run as HTML: nothing is fitted. */
export interface RecordedAsked {
  /** As public/runs/index.json has it. */
  readonly recorded: string;
  readonly policy: PolicyAsked;
  readonly html: string;
}

/** @returns null where help is asked for. @throws Error with a sentence when an option is unknown, missing or wrong. */
export function parseExport(args: readonly string[]): ExportAsked | RecordedAsked | null {
  const flags: object = METHOD_FLAGS;
  const { values } = parseArgs({ args: [...args], options: { ...OWN, ...flags } });
  if (values.help) return null;
  const { recorded, html } = values;
  if (html && !html.endsWith('.html'))
    throw new Error(`--html is ${html}; expected the name of a file that ends with .html.`);
  if (recorded) {
    if (!html || values.out)
      throw new Error(
        'Of a recorded run an HTML file can be written, --html FILE.html; a zip needs what it had learnt: fit it.',
      );
    return { recorded, html, policy: policyAsked(values) };
  }
  if (!values.dataset || !values.network || !(values.out || html))
    throw new Error(
      'Name at least --dataset, --network and --out or --html; --help lists all options.',
    );
  if (values.out && !values.out.endsWith('.zip'))
    throw new Error(`--out is ${values.out}; expected the name of a file that ends with .zip.`);
  checkFlags(values);
  const { method } = values;
  if (!isMethodId(method) || !classifierIds.some((id) => id === method))
    throw new Error(
      `--method is ${method}; what can be taken away is ${classifierIds.join(', ')}.`,
    );
  const [run, ...others] = runsOf(method, values);
  if (others.length > 0 || run!.furtherVariants.length > 0)
    throw new Error('One run is exported at a time: give each option one value.');
  return {
    images: imagesAsked(values),
    network: values.network,
    run: run!,
    policy: policyAsked(values),
    workers: Math.max(1, whole('workers', values.workers)),
    out: values.out || null,
    html: html || null,
  };
}

function policyAsked(values: {
  readonly thresholds: string;
  readonly policy: string;
  readonly flops: string;
}): PolicyAsked {
  if (values.thresholds && values.policy)
    throw new Error('Give --thresholds or --policy, not both.');
  if (values.thresholds) return { from: 'file', path: values.thresholds };
  if (values.policy) {
    const thresholds = listOf(values.policy).map(Number);
    if (thresholds.some(Number.isNaN))
      throw new Error(`--policy is ${values.policy}; expected numbers with commas between.`);
    return { from: 'list', thresholds };
  }
  const flops = Number(values.flops);
  if (!(flops > 0)) throw new Error(`--flops is ${values.flops}; expected a share above 0: 0.5.`);
  return { from: 'search', flops };
}
