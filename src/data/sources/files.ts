/** Files that a person gives: what each is, what belongs together, what is still missing. */
import { catalogue, type FileDatasetId } from '../catalogue.ts';
import { DataError, grouped } from '../errors.ts';
import { recognise, type Recognised } from './recognise.ts';
import type { SplitName } from '../../core/dataset.ts';
import type { Plan, SplitFiles } from '../assemble.ts';
import type { ByteSource } from '../formats/bytes.ts';

export type GroupId = Plan['id'];

export interface FileVerdict {
  readonly name: string;
  /** False for a file that cannot be used at all. */
  readonly ok: boolean;
  /** False where not even its content is known: the rest may lack no more than a name that says its split. */
  readonly isReadable: boolean;
  /** One sentence: what it is, or what is wrong with it. */
  readonly says: string;
}

/** What a set of files amounts to. */
export interface FilesReport {
  /** The dataset that the files make up, or begin to; null when none of them is usable. */
  readonly id: GroupId | null;
  readonly title: string;
  /** True when the files can be loaded. */
  readonly complete: boolean;
  /** One or two sentences for the person. */
  readonly sentence: string;
  /** What is missing, in words with the usual file name. */
  readonly missing: readonly string[];
  /** A verdict on each file, in the order given. */
  readonly files: readonly FileVerdict[];
  /** How many images there are, where all usable files are idx images without labels: enough to cluster; else null. */
  readonly imagesAlone: number | null;
}

interface Part {
  readonly source: ByteSource;
  readonly group: GroupId;
  readonly split: SplitName;
  /** "images", "labels", or the name of a CIFAR batch without its ending. */
  readonly slot: string;
  readonly count: number | null;
}

/**
 * Looks at the beginning of every file.
 * @param as the dataset that idx files of unknown content are taken for, when it fits.
 * @returns the report, and the plan to load them by when the set is complete.
 */
export async function inspectFiles(
  sources: readonly ByteSource[],
  as?: FileDatasetId,
  signal?: AbortSignal,
): Promise<{ readonly report: FilesReport; readonly plan: Plan | null }> {
  const looked: (Recognised | DataError)[] = [];
  for (const source of sources) {
    looked.push(
      await recognise(source, signal).catch((error: unknown) => {
        if (error instanceof DataError) return error;
        throw error;
      }),
    );
  }
  const home = homeOfUnknown(looked, as);
  const parts: Part[] = [];
  const files = sources.map((source, i): FileVerdict => {
    try {
      const found = looked[i]!;
      if (found instanceof DataError) throw found;
      const part = partOf(source, found, home);
      parts.push(part);
      return { name: source.name, ok: true, isReadable: true, says: describe(part) };
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      const isReadable = !(looked[i] instanceof DataError);
      return { name: source.name, ok: false, isReadable, says: error.message };
    }
  });
  const { report, plan } = judge(parts, files);
  return { report: { ...report, imagesAlone: imagesAlone(looked) }, plan };
}

function imagesAlone(looked: readonly (Recognised | DataError)[]): number | null {
  let count = 0;
  for (const found of looked) {
    if (found instanceof DataError) continue;
    if (found.kind !== 'idx' || found.header.kind !== 'images') return null;
    count += found.header.count;
  }
  return count > 0 ? count : null;
}

/** Idx files that nobody published go to the chosen dataset, else to the one that is here already, if they fit. */
function homeOfUnknown(looked: readonly (Recognised | DataError)[], as?: FileDatasetId): GroupId {
  const idx = looked.flatMap((found) =>
    !(found instanceof DataError) && found.kind === 'idx' ? [found] : [],
  );
  const published = new Set(
    idx.map(({ published }) => published?.id).filter((id) => id !== undefined),
  );
  const chosen = as ?? (published.size === 1 ? [...published][0] : undefined);
  if (chosen === undefined || catalogue[chosen].layout !== 'idx') return 'files';
  const [height, width] = catalogue[chosen].shape;
  const fits = idx.every(
    ({ header }) =>
      header.kind === 'labels' || (header.height === height && header.width === width),
  );
  return fits ? chosen : 'files';
}

function partOf(source: ByteSource, found: Recognised, home: GroupId): Part {
  if (found.kind === 'idx') {
    const { header, published } = found;
    const split = published?.split ?? splitByName(source.name);
    const group = published?.id ?? home;
    return { source, group, split, slot: header.kind, count: header.count };
  }
  const batch = source.name.replace(/^.*\//, '').replace(/( \(\d+\))?(\.bin)?(\.gz)?$/i, '');
  const split = splitByName(batch.replace(/^data_batch/i, 'train'));
  return { source, group: found.id, split, slot: split === 'test' ? 'test' : batch, count: null };
}

function splitByName(name: string): SplitName {
  if (/t10k|test|val/i.test(name)) return 'test';
  if (/train/i.test(name)) return 'train';
  throw new DataError(
    `${name}: its name does not say whether it belongs to training or to test. ` +
      'Put “train” or “test” into the name and give it again.',
  );
}

function describe({ group, split, slot, count }: Part): string {
  const title = titleOf(group);
  const set = split === 'train' ? 'training' : 'test';
  if (count === null) return `${title}, ${set} images (${slot}).`;
  return `${title}, ${grouped(count)} ${set} ${slot}.`;
}

function titleOf(group: GroupId): string {
  return group === 'files' ? 'Your files' : catalogue[group].title;
}

/** The newest complete dataset, else the dataset of the newest file. */
function judge(
  parts: readonly Part[],
  files: readonly FileVerdict[],
): { report: Omit<FilesReport, 'imagesAlone'>; plan: Plan | null } {
  const bad = files.filter(({ ok }) => !ok).map(({ says }) => says);
  const groups = [...new Set(parts.map(({ group }) => group).reverse())];
  if (groups.length === 0) {
    const sentence = bad.join(' ') || 'No files yet.';
    return {
      report: { id: null, title: '', complete: false, sentence, missing: [], files },
      plan: null,
    };
  }
  const judged = groups.map((group) => judgeGroup(group, parts));
  const best = judged.find(({ plan }) => plan !== null) ?? judged[0]!;
  const title = titleOf(best.group);
  const others = groups.filter((group) => group !== best.group).map(titleOf);
  const sentences = [
    best.plan
      ? `${title} ${best.group === 'files' ? 'are' : 'is'} complete.`
      : best.missing.length > 0
        ? `${title} still ${best.group === 'files' ? 'need' : 'needs'} ${list(best.missing)}.`
        : '',
    ...best.conflicts,
    others.length > 0 ? `Files of another dataset (${list(others)}) are left aside.` : '',
    ...bad,
  ];
  const sentence = sentences.filter((text) => text !== '').join(' ');
  const { group: id, missing, plan } = best;
  return { report: { id, title, complete: plan !== null, sentence, missing, files }, plan };
}

interface Judged {
  readonly group: GroupId;
  readonly missing: readonly string[];
  readonly conflicts: readonly string[];
  readonly plan: Plan | null;
}

function judgeGroup(group: GroupId, all: readonly Part[]): Judged {
  const missing: string[] = [];
  const conflicts: string[] = [];
  const filesOf = (split: SplitName): SplitFiles | null => {
    const parts = all.filter((part) => part.group === group && part.split === split);
    return group === 'cifar-10' || group === 'cifar-100'
      ? cifarFiles(group, split, parts, missing)
      : idxFiles(split, parts, missing, conflicts);
  };
  const train = filesOf('train');
  const test = filesOf('test');
  const plan = train && test && { id: group, train, test, source: 'files opened here' };
  return { group, missing, conflicts, plan };
}

function idxFiles(
  split: SplitName,
  parts: readonly Part[],
  missing: string[],
  conflicts: string[],
): SplitFiles | null {
  const images = parts.findLast(({ slot }) => slot === 'images');
  const allLabels = parts.filter(({ slot }) => slot === 'labels');
  // KMNIST's training labels may be there twice: for all images, and for the first of them.
  const labels = allLabels.findLast(({ count }) => count === images?.count) ?? allLabels.at(-1);
  const name = split === 'train' ? 'training' : 'test';
  const prefix = split === 'train' ? 'train' : 't10k';
  if (!images) missing.push(`the ${name} images (${prefix}-images-idx3-ubyte.gz)`);
  if (!labels) missing.push(`the ${name} labels (${prefix}-labels-idx1-ubyte.gz)`);
  if (!images || !labels) return null;
  if (images.count !== labels.count) {
    conflicts.push(
      `${images.source.name} holds ${grouped(images.count ?? 0)} images, but ${labels.source.name} holds ` +
        `${grouped(labels.count ?? 0)} labels: give the files that belong together.`,
    );
    return null;
  }
  return { layout: 'idx', images: images.source, labels: labels.source };
}

function cifarFiles(
  group: 'cifar-10' | 'cifar-100',
  split: SplitName,
  parts: readonly Part[],
  missing: string[],
): SplitFiles | null {
  const bySlot = new Map(parts.map((part) => [part.slot, part.source]));
  const whole = bySlot.get(split);
  if (whole) return { layout: 'cifar', batches: [whole] };
  const expected = catalogue[group].files[split][0]!.files;
  const batches: ByteSource[] = [];
  for (const file of expected) {
    const source = bySlot.get(file.replace(/\.bin$/, ''));
    if (source) batches.push(source);
    else missing.push(file);
  }
  return batches.length === expected.length ? { layout: 'cifar', batches } : null;
}

function list(items: readonly string[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}
