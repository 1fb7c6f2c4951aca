/** Parquet files for tests, written as the Hub's library writes datasets of pictures. */
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { Bytes } from '../formats/bytes.ts';

/** A row of a table of pictures. */
export interface Row {
  readonly picture: Uint8Array | null;
  readonly label: number | string | null;
}

export interface TableParts {
  readonly rows: readonly Row[];
  /** Names of the classes in the key "huggingface"; missing: no such key. */
  readonly names?: readonly string[];
  readonly image?: string;
  readonly label?: string;
  readonly rowGroupSize?: number;
}

export function parquetOf({
  rows,
  names,
  image = 'image',
  label = 'label',
  rowGroupSize = 7,
}: TableParts): Bytes {
  const isText = rows.some((row) => typeof row.label === 'string');
  const info = {
    info: {
      features: { [image]: { _type: 'Image' }, [label]: { names, _type: 'ClassLabel' } },
    },
  };
  const labels = rows.map((row) => (typeof row.label === 'number' ? BigInt(row.label) : row.label));
  return new Uint8Array(
    parquetWriteBuffer({
      rowGroupSize,
      ...(names && { kvMetadata: [{ key: 'huggingface', value: JSON.stringify(info) }] }),
      schema: [
        { name: 'root', num_children: 2 },
        { name: image, num_children: 2, repetition_type: 'OPTIONAL' },
        { name: 'bytes', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' },
        { name: 'path', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
        isText
          ? { name: label, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' }
          : { name: label, type: 'INT64', repetition_type: 'OPTIONAL' },
      ],
      columnData: [
        { name: image, data: rows.map(({ picture }, i) => ({ bytes: picture, path: `${i}.png` })) },
        { name: label, data: labels },
      ],
    }),
  );
}
