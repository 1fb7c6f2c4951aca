/** Just enough of protobuf's wire format to read ONNX files: tags, varints, fixed numbers, lengths. */

/** A field's value as the wire has it; numbers of more than 53 bits lose their lowest ones. */
export interface Field {
  readonly number: number;
  /** Of varints and fixed 32- and 64-bit fields; 0 for bytes. */
  readonly value: number;
  /** Of length-delimited and fixed fields, without a copy; empty for varints. */
  readonly bytes: Uint8Array;
}

const none = new Uint8Array(0);
const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/**
 * The fields of a message, in their order.
 * @throws Error with a sentence when the message ends in a field, or has one that no message of ONNX has.
 */
export function* fieldsOf(message: Uint8Array): Generator<Field> {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  const cursor = { at: 0 };
  while (cursor.at < message.length) {
    const tag = readVarint(message, cursor);
    const number = Math.floor(tag / 8);
    const wire = tag % 8;
    if (wire === WIRE.varint) {
      yield { number, value: readVarint(message, cursor), bytes: none };
      continue;
    }
    const length =
      wire === WIRE.bytes
        ? readVarint(message, cursor)
        : wire === WIRE.fixed32
          ? 4
          : wire === WIRE.fixed64
            ? 8
            : NaN;
    const { at } = cursor;
    if (!(length >= 0 && at + length <= message.length))
      throw new Error('the file is cut off or damaged: a field goes on after its end');
    const bytes = message.subarray(at, at + length);
    const value =
      wire === WIRE.fixed32
        ? view.getFloat32(at, true)
        : wire === WIRE.fixed64
          ? view.getFloat64(at, true)
          : 0;
    cursor.at = at + length;
    yield { number, value, bytes };
  }
}

/** A signed 64-bit number, as int64 fields have it. */
function readVarint(message: Uint8Array, cursor: { at: number }): number {
  let value = 0n;
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = message[cursor.at++];
    if (byte === undefined) throw new Error('the file is cut off: it ends in a number');
    if (shift === 0n && byte < 0x80) return byte;
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return Number(BigInt.asIntN(64, value));
  }
  throw new Error('the file is damaged: a number has more than ten bytes');
}

/** Numbers of a packed repeated field, or the one number of an unpacked one. */
export function varintsOf({ value, bytes }: Field): number[] {
  if (bytes.length === 0) return [value];
  const cursor = { at: 0 };
  const values: number[] = [];
  while (cursor.at < bytes.length) values.push(readVarint(bytes, cursor));
  return values;
}

const decoder = new TextDecoder();
export const textOf = ({ bytes }: Field): string => decoder.decode(bytes);
