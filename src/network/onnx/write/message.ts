/** Protocol buffers as they are written: fields one after the other, weights without a copy until the end. */

const WIRE = { varint: 0, bytes: 2, fixed32: 5 } as const;
const encoder = new TextEncoder();

export class Message {
  readonly #parts: Uint8Array[] = [];
  length = 0;

  /** A signed 64-bit number, as int32, int64 and enumerations are written. */
  int(field: number, value: number): this {
    return this.#add(varint((field << 3) | WIRE.varint)).#add(varint(value));
  }

  float(field: number, value: number): this {
    const bytes = new Uint8Array(Float32Array.of(value).buffer);
    return this.#add(varint((field << 3) | WIRE.fixed32)).#add(bytes);
  }

  text(field: number, value: string): this {
    return this.bytes(field, encoder.encode(value));
  }

  bytes(field: number, value: Uint8Array): this {
    return this.#add(varint((field << 3) | WIRE.bytes))
      .#add(varint(value.length))
      .#add(value);
  }

  message(field: number, value: Message): this {
    this.#add(varint((field << 3) | WIRE.bytes)).#add(varint(value.length));
    for (const part of value.#parts) this.#add(part);
    return this;
  }

  /** All of it in one piece. */
  finish(): Uint8Array<ArrayBuffer> {
    const all = new Uint8Array(this.length);
    let at = 0;
    for (const part of this.#parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }

  #add(part: Uint8Array): this {
    this.#parts.push(part);
    this.length += part.length;
    return this;
  }
}

/** Seven bits a byte, the lowest first; a negative number as its 64-bit complement. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let left = BigInt.asUintN(64, BigInt(value));
  for (; left > 0x7fn; left >>= 7n) bytes.push(Number(left & 0x7fn) | 0x80);
  return Uint8Array.from([...bytes, Number(left)]);
}
