/** How far a run is, on a terminal. */
import type { Progress } from '../src/engine/client/types.ts';

export function showProgress({
  phase,
  step,
  steps,
  done,
  total,
  imagesPerSecond,
  secondsLeft,
}: Progress) {
  if (!process.stderr.isTTY) return;
  const left = secondsLeft === null ? '' : `, ${Math.ceil(secondsLeft)} s left`;
  const rate = imagesPerSecond.toFixed(0);
  process.stderr.write(
    `\r${step}/${steps} ${phase}: ${done} of ${total}, ${rate} images/s${left}    `,
  );
}
