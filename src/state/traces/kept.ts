/** Opened traces that stay in this browser until a person throws them away. */
import { create } from 'zustand';
import { readChoice, writeChoice, type ConfidenceChoice } from '../../core/confidence/choice.ts';
import { packed, type PackedRun } from '../../data/traces/packed.ts';
import { headOf, type OpenedRun } from '../../data/traces/runs.ts';
import { data } from '../lease/images.ts';
import { nextTurn } from '../scene/turn.ts';
import { roomHere, shelf, type Room } from '../shelf.ts';

/** A line of the list. */
export interface KeptEntry {
  readonly id: string;
  readonly title: string;
  readonly files: readonly string[];
  /** Of the arrays. */
  readonly bytes: number;
  /** The confidence that was chosen last, as `writeChoice` has it; missing: the trace's own. */
  readonly choice?: string;
}

interface KeptRuns {
  readonly id: string;
  readonly runs: readonly PackedRun[];
}

export interface KeptList {
  /** Null until the list was read. */
  readonly entries: readonly KeptEntry[] | null;
  readonly room: Room;
}

export const useKept = create<KeptList>(() => ({ entries: null, room: null }));

const traces = shelf<KeptEntry, KeptRuns>('offramp-traces');

/** The same files of the same run take the place of what was kept before. */
function entryOf(runs: readonly OpenedRun[]): KeptEntry {
  const heads = runs.map(headOf);
  const files = [...new Set(runs.flatMap((run) => run.files))];
  const title = heads
    .map(({ network, dataset, method }) => `${network} on ${dataset}, ${method}`)
    .join('; ');
  const sizes = runs.flatMap(({ traces, scores = {} }) => [
    ...Object.values(traces).flatMap(({ label, prediction, confidence, second }) => [
      label.byteLength,
      prediction.byteLength,
      confidence.byteLength,
      ...(second ? [second.prediction.byteLength, second.confidence.byteLength] : []),
    ]),
    ...Object.values(scores).map(({ size }) => size),
  ]);
  const bytes = sizes.reduce((all, size) => all + size, 0);
  return { id: `${title} · ${files.join(' ')} · ${bytes}`, title, files, bytes };
}

/** Keeps what was opened. @throws whatever the browser says where there is no room, or no IndexedDB. */
export async function keep(runs: readonly OpenedRun[]): Promise<void> {
  const entry = entryOf(runs);
  const all: PackedRun[] = [];
  for (const run of runs) all.push(await packed(run, nextTurn));
  await traces.put(entry, { id: entry.id, runs: all });
  if (useKept.getState().entries) await readList();
}

/** Reads the list anew. */
export async function readList(): Promise<void> {
  // How much room there is may take long to say, and the list is another one by then.
  const room = await roomHere();
  useKept.setState({ entries: await traces.list(), room });
}

/** The runs of an entry, checked as any trace from outside is. @throws Error with a sentence. */
export async function runsOfKept(id: string): Promise<readonly OpenedRun[]> {
  const found = await traces.find(id);
  if (!found) throw new Error('That trace is no longer kept in this browser. Open its file again.');
  return data().unpack(found.runs);
}

/** The confidence that was chosen last for an entry; null: its own. */
export async function choiceOfKept(id: string): Promise<ConfidenceChoice | null> {
  const { entries } = useKept.getState();
  const entry = (entries ?? (await traces.list())).find((one) => one.id === id);
  return (entry?.choice && readChoice(entry.choice)) || null;
}

/** Notes the confidence that was chosen for what is kept; where nothing is kept, nothing is noted. */
export async function keepChoice(
  runs: readonly OpenedRun[],
  choice: ConfidenceChoice | null,
): Promise<void> {
  const entry = entryOf(runs);
  try {
    if (!(await traces.list()).some(({ id }) => id === entry.id)) return;
    await traces.relist({ ...entry, ...(choice && { choice: writeChoice(choice) }) });
  } catch {
    // A browser that keeps nothing has said so when the trace was opened.
    return;
  }
  if (useKept.getState().entries) await readList();
}

export async function throwAway(id: string): Promise<void> {
  await traces.remove(id);
  await readList();
}
