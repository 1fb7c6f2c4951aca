import type { FileDatasetId } from './catalogue.ts';
import type { FilesReport } from './sources/files.ts';

/**
 * Gathers files that a person gives in several goes, until a dataset is complete. Files that cannot be used are
 * reported once and not kept; a file given again replaces the earlier one.
 */
export class FileCollector {
  #files: readonly File[] = [];
  #report: FilesReport | null = null;
  readonly #inspect: (files: readonly File[], as?: FileDatasetId) => Promise<FilesReport>;

  /** @param inspect says what files are: `DataClient.inspect`. */
  constructor(inspect: (files: readonly File[], as?: FileDatasetId) => Promise<FilesReport>) {
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
   */
  async add(files: readonly File[], as?: FileDatasetId): Promise<FilesReport> {
    const all = [
      ...this.#files.filter((old) => !files.some((file) => isSame(old, file))),
      ...files,
    ];
    const report = await this.#inspect(all, as);
    this.#files = all.filter((_, i) => report.files[i]?.ok);
    this.#report = report;
    return report;
  }

  clear(): void {
    this.#files = [];
    this.#report = null;
  }
}

function isSame(a: File, b: File): boolean {
  return a.name === b.name && a.size === b.size && a.lastModified === b.lastModified;
}
