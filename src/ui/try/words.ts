/** Milliseconds as they are read: enough digits, and the unit that fits. */
export function milliseconds(ms: number): string {
  if (!Number.isFinite(ms)) return '–';
  if (ms < 0.9995) return `${Math.round(1000 * ms)} µs`;
  return `${ms < 99.95 ? ms.toPrecision(3) : Math.round(ms)} ms`;
}

/** "0.62 ×". */
export const ratio = (of: number, to: number): string => `${(of / to).toFixed(2)} ×`;
