/** Recorded traces on disk. */
import { readFileSync } from 'node:fs';
import { decodeTrace, type Budget } from '../src/core/trace-file.ts';
import type { Trace } from '../src/core/trace.ts';

/**
 * Reads NAME.json and NAME.bin.
 * @throws Error with a sentence that names the file.
 */
export function readTrace(name: string): { trace: Trace; budget: Budget | null } {
  try {
    const json: unknown = JSON.parse(readFileSync(`${name}.json`, 'utf8'));
    return decodeTrace(json, readFileSync(`${name}.bin`));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`The trace ${name} cannot be read. ${why}`, { cause: error });
  }
}
