/** What a person takes away: files made of what is on screen. */
import { costUnit } from '../core/costs.ts';
import { csv, withRemark, type Cell } from '../core/csv.ts';
import { withScores } from '../core/kept-scores.ts';
import { PAIR_NAMES, pairingOf } from '../core/pairing.ts';
import { cellOf } from '../core/policy.ts';
import type { FrontierPoint } from '../core/search/frontier.ts';
import { thresholdsFile } from '../core/thresholds-file.ts';
import { encodeTrace, type Budget } from '../core/trace-file.ts';
import type { Trace } from '../core/trace.ts';
import { inLines, pageFacts, sceneFacts, type Fact } from './provenance/facts.ts';
import { activeCurve, givenTrace } from './scene/derive.ts';
import type { Scene } from './scene/scene.ts';
import { notify } from './notices.ts';
import { stem } from './stem.ts';

export function download(name: string, type: string, ...content: BlobPart[]): void {
  const url = URL.createObjectURL(new Blob(content, { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download has begun by the next task; before that the address must stay valid.
  setTimeout(() => URL.revokeObjectURL(url));
}

/**
 * @param name of the file, without its ending.
 * @param of what its numbers are of: its last column says it, in the first row.
 */
export function downloadCsv(name: string, text: string, of: readonly Fact[]): void {
  const said = withRemark(text, 'provenance', inLines([...of, ...pageFacts()]));
  download(`${name}.csv`, 'text/csv', said);
}

/** The thresholds on screen with what they give, and on which images. */
export function exportThresholds(scene: Scene): void {
  const text = thresholdsText(scene);
  if (text) download(`${stem(scene)}.thresholds.json`, 'application/json', text);
}

/** The same on the clipboard. */
export async function copyThresholds(scene: Scene): Promise<void> {
  const text = thresholdsText(scene);
  if (!text) return;
  try {
    await navigator.clipboard.writeText(text);
    notify('note', 'The thresholds are on the clipboard, as JSON.');
  } catch {
    notify(
      'note',
      'The browser did not let the thresholds be copied. Export them as a file instead.',
    );
  }
}

function thresholdsText({ shown }: Scene): string | null {
  const { trace, policy, outcome, source, chosen } = shown.getState();
  if (!trace || !policy || !outcome) return null;
  const file = thresholdsFile(trace, policy, outcome, { curve: chosen, setBy: source });
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** Every stop of the curve on train and test, one line each, thresholds included. */
export function exportCurve(scene: Scene): void {
  const { trace, ...state } = scene.shown.getState();
  const curve = activeCurve(state);
  if (!trace || !curve) return;
  const onHull = new Set(curve.hull);
  const early = trace.exits.slice(0, -1).map(({ name }) => `T ${name}`);
  const cells = widestOf(curve.stops, trace);
  const names = cells ? early.flatMap((name) => cells.map((cell) => `${name}, ${cell}`)) : early;
  const unit = costUnit(trace);
  const head = [
    'on train hull',
    `train relative ${unit}`,
    'train accuracy',
    `test relative ${unit}`,
    'test accuracy',
    ...names,
  ];
  const rows = curve.stops.map((stop, i) => {
    const test = curve.testStops?.[i];
    return [
      onHull.has(i) ? 1 : 0,
      stop.cost,
      stop.accuracy,
      test?.cost ?? null,
      test?.accuracy ?? null,
      // Of a policy that has one threshold an exit, that of every class or label; a judge that is not asked has none.
      ...written(stop.thresholds, trace, cells?.length ?? 1),
    ];
  });
  downloadCsv(`${stem(scene)}.curve`, csv(head, rows), sceneFacts(scene));
}

/** What the thresholds of an exit are for where policies of a curve have several; null where none has. */
function widestOf(stops: readonly FrontierPoint[], trace: Trace): readonly string[] | null {
  for (const { thresholds } of stops)
    switch (cellOf(thresholds, trace)) {
      case 'class':
        return trace.classes;
      case 'judge':
        return PAIR_NAMES.judge;
      case 'label':
        return PAIR_NAMES.label;
      case 'exit':
      case null:
    }
  return null;
}

function written(thresholds: readonly number[], trace: Trace, per: number): readonly Cell[] {
  if (per === 1 || cellOf(thresholds, trace) !== 'exit') return thresholds;
  const isByJudge = trace.second && pairingOf(trace) !== 'by-label';
  return thresholds.flatMap((own) =>
    Array.from({ length: per }, (_, n) => (isByJudge && n > 0 ? null : own)),
  );
}

/** The training budget of what is on screen; null where nothing was trained, or nobody stated it. */
export function budgetOf({ run }: Scene, { provenance }: Trace): Budget | null {
  const { recorded, opened } = run.getState();
  if (recorded) return recorded.budget;
  if (opened) return opened.runs[opened.at]?.budget ?? null;
  const { epochs } = provenance.options;
  return typeof epochs === 'number' ? { epochs } : null;
}

/** The scores that came with a trace, where it is on screen as it was opened. */
function scoresOf({ run }: Scene, trace: Trace): Blob | null {
  const { opened } = run.getState();
  const of = opened?.runs[opened.at];
  return of?.traces[trace.split]?.confidence === trace.confidence
    ? (of.scores?.[trace.split] ?? null)
    : null;
}

/** The trace on screen in the recorded format (docs/trace-format.md): a JSON header and its arrays. */
export function exportTrace(scene: Scene): void {
  const state = scene.shown.getState();
  const trace = givenTrace(state);
  if (!trace) return;
  const { header, bytes } = encodeTrace(trace, budgetOf(scene, trace));
  const scores = scoresOf(scene, trace);
  const whole = scores ? withScores(header, bytes.length, scores.size / 2) : header;
  const name = `${stem(scene)}.${trace.split}`;
  download(`${name}.trace.json`, 'application/json', `${JSON.stringify(whole)}\n`);
  download(
    `${name}.trace.bin`,
    'application/octet-stream',
    ...[bytes as Uint8Array<ArrayBuffer>, ...(scores ? [scores] : [])],
  );
}
