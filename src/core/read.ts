/** Fields of untrusted JSON: each reader returns what it promises or throws a sentence that names the field. */

export function record(value: unknown, field: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(`${field} is ${show(value)}; expected an object.`);
  return value as Record<string, unknown>;
}

export function list(value: unknown, field: string): unknown[] {
  if (!Array.isArray(value)) throw new Error(`${field} is ${show(value)}; expected a list.`);
  return value;
}

export function text(value: unknown, field: string): string {
  if (typeof value !== 'string') throw new Error(`${field} is ${show(value)}; expected text.`);
  return value;
}

export function number(value: unknown, field: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw new Error(`${field} is ${show(value)}; expected a finite number.`);
  return value;
}

/** A whole number, 0 or more. */
export function whole(value: unknown, field: string): number {
  const result = number(value, field);
  if (!Number.isInteger(result) || result < 0)
    throw new Error(`${field} is ${result}; expected a whole number, 0 or more.`);
  return result;
}

/** Finite numbers, exactly `length` of them. */
export function numbers(value: unknown, length: number, field: string): number[] {
  const values = list(value, field);
  if (values.length !== length)
    throw new Error(`${field} has ${values.length} entries; expected ${length}.`);
  return values.map((entry, i) => number(entry, `${field}[${i}]`));
}

/** A value as an error message may show it: "missing", or the beginning of its JSON. */
export function show(value: unknown): string {
  if (value === undefined) return 'missing';
  const json = JSON.stringify(value);
  return json.length > 60 ? `${json.slice(0, 57)}…` : json;
}
