/** Traces and thresholds that a person or a link gave: told by their names here, opened by what is fetched when it is needed. */
import { notify, sentenceOf } from '../notices.ts';
import { useWaiting } from './waiting.ts';

/** Whether files are for traces or thresholds by their names; `.bin` alone may be images. */
export const areTraces = (files: readonly File[]): boolean =>
  files.some(({ name }) => /\.(json|zip)$|\.trace\.bin$/i.test(name));

/** Opens traces, and sets the thresholds that other files among them hold. */
export async function openGiven(files: readonly File[]): Promise<void> {
  try {
    const [traces, thresholds] = await Promise.all([
      import('./open.ts'),
      import('./thresholds.ts'),
    ]);
    const { found, rest } = await thresholds.tellApart(files);
    if (rest.length > 0) await traces.openTraceFiles(rest);
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
