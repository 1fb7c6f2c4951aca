/** What is used here of jsfive, which has no types of its own. */
declare module 'jsfive' {
  /** Parts of an object's header. */
  export interface DataObjects {
    find_msg_type(type: number): readonly ReadonlyMap<string, number>[];
    /** Version, dimensions, layout (0 compact, 1 in a row, 2 in chunks), place of what follows. */
    _get_data_message_properties(
      offset: number,
    ): readonly [version: number, dims: number, layout: number, place: number];
  }

  export class Dataset {
    readonly shape: readonly number[];
    /** As NumPy writes it: "<f4". */
    readonly dtype: unknown;
    readonly value: readonly unknown[];
    readonly _dataobjects: DataObjects;
  }

  export class Group {
    readonly keys: readonly string[];
    readonly attrs: Readonly<Record<string, unknown>>;
    get(path: string): Group | Dataset | null;
  }

  export class File extends Group {
    constructor(content: ArrayBuffer, name: string);
  }
}
