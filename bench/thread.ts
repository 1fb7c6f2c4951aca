/** The tasks of a page's thread, as Chromium's own trace has them. */

/** The category of a trace that has tasks. */
export const TASKS = 'disabled-by-default-devtools.timeline';

/** A task of the page's thread, in milliseconds. */
export interface Task {
  /** Of the processor: others on the machine hardly change it. */
  readonly spent: number;
  /** By the clock. */
  readonly lasted: number;
}

/** An event of the trace, as far as it is read here; times in microseconds. */
interface Event {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

/** The tasks of a trace, the longest first by what the processor gave them. */
export function tasksOf(trace: Buffer): Task[] {
  const { traceEvents } = JSON.parse(trace.toString()) as { traceEvents: Event[] };
  const threads = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  return traceEvents
    .filter(({ name, pid, tid }) => name === 'RunTask' && threads.has(`${pid} ${tid}`))
    .map(({ dur = 0, tdur = 0 }) => ({ spent: tdur / 1000, lasted: dur / 1000 }))
    .sort((a, b) => b.spent - a.spent);
}
