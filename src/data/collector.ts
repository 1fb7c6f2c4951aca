import type { FileDatasetId } from './catalogue.ts';
import { pathOf } from './places.ts';
import type { Sharing } from './pictures/tree.ts';
import type { FilesReport } from './sources/files.ts';

type Inspect = (
  files: readonly File[],
  as?: FileDatasetId,
  sharing?: Sharing,
) => Promise<FilesReport>;

/**
 * Gathers files that a person gives in several goes, until a dataset is complete. Files that cannot be used are
 * reported once and not kept; a file given again replaces the earlier one.
 */
export class FileCollector {
  #files: readonly File[] = [];
  #report: FilesReport | null = null;
  #latest: Promise<unknown> = Promise.resolve();
  readonly #inspect: Inspect;

  /** @param inspect says what files are: `DataClient.inspect`. */
  constructor(inspect: Inspect) {
    this.#inspect = inspect;
  }

  /** Usable files so far; give them to `DataClient.load({ files })` when the report says complete. */
  get files(): readonly File[] {
    return this.#files;
  }

  /** The report on the latest files; null before any. */
  get report(): FilesReport | null {
    return this.#report;
  }

  /**
   * Adds files and says what they amount to together with the earlier ones.
   * @param as the dataset that idx files of unknown content are taken for.
   * @param sharing how pictures are divided where no folder says it.
   */
  add(files: readonly File[], as?: FileDatasetId, sharing?: Sharing): Promise<FilesReport> {
    // Files that come while others are looked at join them.
    const report = this.#latest.then(() => this.#join(files, as, sharing));
    this.#latest = report.catch(() => undefined);
    return report;
  }

  async #join(files: readonly File[], as?: FileDatasetId, sharing?: Sharing): Promise<FilesReport> {
    const given = new Set(files.map(keyOf));
    const before = this.#files.filter((old) => !given.has(keyOf(old)));
    let all = [...before, ...files];
    let report = await this.#inspect(all, as, sharing);
    // What was given before may be what stands in the way.
    if (before.length > 0 && isNothing(report)) {
      all = [...files];
      report = await this.#inspect(all, as, sharing);
    }
    // What begins nothing is not mixed with what comes next.
    this.#files = isNothing(report) ? before : all.filter((_, i) => report.files[i]?.ok);
    this.#report = report;
    return report;
  }

  clear(): void {
    this.#files = [];
    this.#report = null;
  }
}

/** Whether files make up nothing, nor begin to. */
const isNothing = ({ id, pictures }: FilesReport): boolean => id === null && pictures === null;

/** What is alike of a file that is given twice. */
const keyOf = (file: File): string => `${pathOf(file)} ${file.size} ${file.lastModified}`;
