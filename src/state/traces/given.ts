/** Traces and thresholds that a person or a link gave: told by their names here, opened by what is fetched when it is needed. */
import { notify, sentenceOf } from '../notices.ts';
import { useWaiting } from './waiting.ts';

/** Names of traces, thresholds, arrays and tables, as a file picker wants them. */
export const OPENS = '.json,.bin,.zip,.npy,.npz,.pth,.pt,.pkl,.pickle,.csv,.tsv,.tab';

/** Whether files are for traces or thresholds by their names; `.bin` alone may be images. */
export const areTraces = (files: readonly File[]): boolean =>
  files.some(({ name }) => /\.trace\.bin$/i.test(name) || isListed(name));

const isListed = (name: string): boolean =>
  OPENS.split(',').some((ending) => ending !== '.bin' && name.toLowerCase().endsWith(ending));

/** Opens traces, and sets the thresholds that other files among them hold. */
export async function openGiven(files: readonly File[]): Promise<void> {
  try {
    const [traces, thresholds] = await Promise.all([
      import('./open.ts'),
      import('./thresholds.ts'),
    ]);
    const { found, rest } = await thresholds.tellApart(files);
    if (rest.length > 0) await traces.openTraceFiles(rest);
    const { question, asked } = useWaiting.getState();
    if (question || asked) {
      for (const { name } of found)
        notify(
          'note',
          `The thresholds of ${name} are not set: something is asked about the traces first. Open them again once those are shown.`,
        );
      return;
    }
    for (const file of found) thresholds.setFromFile(file);
  } catch (error) {
    notify('error', sentenceOf(error));
  }
}

/** Opens what a link named, if it waits; false when nothing does. */
export function openLinked(): boolean {
  const { linked } = useWaiting.getState();
  if (!linked) return false;
  import('./open.ts').then(
    ({ openTraceAddresses }) => openTraceAddresses(linked),
    (error: unknown) => notify('error', sentenceOf(error)),
  );
  return true;
}
