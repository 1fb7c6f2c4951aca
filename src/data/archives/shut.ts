import { DataError } from '../errors.ts';

/** An archive that cannot be opened, though its directory says what lies in it. */
export class ShutArchive extends DataError {
  /** @param inside names in the archive. */
  constructor(
    message: string,
    readonly inside: readonly string[],
  ) {
    super(message);
  }
}
