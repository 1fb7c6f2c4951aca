/** An opened run held by another confidence, in the data worker: fits and exponentials of millions of scores. */
import { isFitted, type ConfidenceChoice } from '../../core/confidence/choice.ts';
import { fit, held, type Fitted } from '../../core/confidence/hold.ts';
import type { Scored } from '../../core/confidence/rows.ts';
import type { Temperature } from '../../core/confidence/temperature.ts';
import { scoresIn } from '../../core/kept-scores.ts';
import { areProbabilities, reliabilityAt, type Reliability } from '../../core/reliability.ts';
import { isLabelled, unlabelled } from '../../core/clustering/unlabelled.ts';
import { MEASURES } from '../../core/scores.ts';
import type { Trace, TraceSplit } from '../../core/trace.ts';
import { DataError } from '../errors.ts';
import type { OpenedRun } from './runs.ts';

export interface HoldRequest {
  readonly run: OpenedRun;
  readonly choice: ConfidenceChoice;
  /** Whether test images 1, 3, 5, … are those for tuning. */
  readonly isHalved: boolean;
}

/** Of a choice with temperatures: what they are, and how far confidences could be trusted without them. */
export interface Tempering {
  readonly images: number;
  /** An exit each. */
  readonly temperatures: readonly Temperature[];
  readonly before: Readonly<Partial<Record<TraceSplit, readonly Reliability[]>>>;
}

export interface HeldRun {
  /** Of the splits that have scores. */
  readonly traces: Readonly<Partial<Record<TraceSplit, Trace>>>;
  readonly tempering: Tempering | null;
}

/** The split on which something can be fitted; null where there is none. */
export function fittingSplit(
  { scores = {} }: Pick<OpenedRun, 'scores'>,
  isHalved: boolean,
): TraceSplit | null {
  if (isHalved && scores.test) return 'test';
  return scores.holdout ? 'holdout' : scores.train ? 'train' : null;
}

/** @throws DataError with a sentence when there is nothing to fit on; AbortError. */
export async function hold(
  { run, choice, isHalved }: HoldRequest,
  signal: AbortSignal,
): Promise<HeldRun> {
  const scored = new Map<TraceSplit, Scored>();
  for (const split of splits) {
    const [trace, blob] = [run.traces[split], run.scores?.[split]];
    if (trace && blob) scored.set(split, { trace, scores: scoresIn(await blob.arrayBuffer()) });
  }
  const tuning = scored.get(fittingSplit(run, isHalved) ?? 'test');
  if (!tuning || (isFitted(choice) && !fittingSplit(run, isHalved)))
    throw new DataError(
      'Temperatures and weights are fitted on tuning images, and none came with scores. Open a training or validation trace with them, or tune on half of the test images.',
    );
  signal.throwIfAborted();
  const fitted = fit(tuning, choice, isHalved ? { first: 1, step: 2 } : undefined);
  const traces: Partial<Record<TraceSplit, Trace>> = {};
  const before: Partial<Record<TraceSplit, readonly Reliability[]>> = {};
  for (const [split, of] of scored) {
    await breathe(signal);
    const made = held(of, choice, fitted);
    // Where no class is known, what the last exit says is what the others are held against.
    traces[split] = isLabelled(made) ? made : unlabelled(made);
    if (choice.isTempered)
      before[split] = untempered(of, choice, fitted, isHalved && split === 'test');
  }
  const { temperatures, images } = fitted ?? { temperatures: null, images: 0 };
  return { traces, tempering: temperatures && { images, temperatures, before } };
}

const splits: readonly TraceSplit[] = ['test', 'holdout', 'train'];

/** Lets a message that cancels come in. */
async function breathe(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
  signal.throwIfAborted();
}

/** How far each exit could be trusted without its temperature. @param isHalf whether images 0, 2, 4, … alone count. */
function untempered(
  of: Scored,
  choice: ConfidenceChoice,
  fitted: Fitted | null,
  isHalf: boolean,
): readonly Reliability[] {
  const trace = held(
    of,
    { ...choice, isTempered: false },
    fitted && { ...fitted, temperatures: null },
  );
  const { rule } = MEASURES[choice.measure];
  const isProbability = areProbabilities(trace, rule);
  return trace.exits.map((_, j) =>
    reliabilityAt(trace, j, { rule, isProbability }, (image) => !isHalf || image % 2 === 0),
  );
}
