/** Work with pauses: whoever does it says where it could wait, whoever asks for it whether it does. */

/** What the work gives, without a pause. */
export function finished<Result>(work: Generator<undefined, Result>): Result {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}
