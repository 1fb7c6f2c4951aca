/** softmax(sign · values) into `out`; an infinite distance gets probability 0. */
export function softmax(
  values: Float32Array,
  sign: 1 | -1 = 1,
  out: Float32Array = new Float32Array(values.length),
): Float32Array {
  let top = -Infinity;
  for (const value of values) top = Math.max(top, sign * value);
  let sum = 0;
  for (let c = 0; c < values.length; c++) {
    const term = sign * values[c]! === top ? 1 : Math.exp(sign * values[c]! - top);
    out[c] = term;
    sum += term;
  }
  for (let c = 0; c < values.length; c++) out[c]! /= sum;
  return out;
}
