/** Fills the page that replays one run from a file (`src/ui/supplement`) with that run. */
import { SUPPLEMENT_FORMAT, SUPPLEMENT_ID, type Supplement } from '../core/supplement.ts';
import { encodeTrace, type Budget } from '../core/trace-file.ts';
import type { Trace } from '../core/trace.ts';

/** Where the run comes into the built page. */
const PLACE = `<script id="${SUPPLEMENT_ID}" type="application/json"></script>`;

/** Bytes that become letters at once: an argument list has its limits. */
const AT_ONCE = 0x8000;

function base64(bytes: Uint8Array): string {
  const letters: string[] = [];
  for (let at = 0; at < bytes.length; at += AT_ONCE)
    letters.push(String.fromCharCode(...bytes.subarray(at, at + AT_ONCE)));
  return btoa(letters.join(''));
}

/** JSON knows no infinity: a closed or open exit is written as a word. */
const numberOrWord = (_key: string, value: unknown): unknown =>
  value === Infinity ? 'Infinity' : value === -Infinity ? '-Infinity' : value;

type About = Omit<Supplement, 'format' | 'header' | 'arrays'>;

/**
 * One HTML file that opens from a disk and asks no network for anything.
 * @param page as it was built, `supplement.template`.
 * @throws Error with a sentence when the page has no place for a run, or the trace breaks its invariants.
 */
export function writeSupplement(
  page: string,
  trace: Trace,
  budget: Budget | null,
  about: About,
): string {
  if (!page.includes(PLACE))
    throw new Error(
      'The page for a supplement has no place for a run; expected supplement.template of this build.',
    );
  const { header, bytes } = encodeTrace(trace, budget);
  const run: Supplement = { format: SUPPLEMENT_FORMAT, ...about, header, arrays: base64(bytes) };
  // No text of a run may end the element that holds it.
  const json = JSON.stringify(run, numberOrWord).replaceAll('<', String.raw`\u003c`);
  const filled = PLACE.replace('></', () => `>${json}</`);
  const title = about.title.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return page
    .replace(PLACE, () => filled)
    .replace(/<title>[^<]*<\/title>/, () => `<title>${title}</title>`);
}
