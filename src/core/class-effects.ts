/** What a policy takes from each class: who pays for what all save, and whether that must be told. */
import type { Outcome } from './replay.ts';
import type { Trace } from './trace.ts';

/** Images of each class, and how many of them only the last exit has right, or only the exit where they leave. */
function turnedByClass(trace: Trace, outcome: Outcome) {
  const { classes, count, exits, label, prediction } = trace;
  const images = new Float64Array(classes.length);
  const lost = new Float64Array(classes.length);
  const won = new Float64Array(classes.length);
  const end = (exits.length - 1) * count;
  for (let i = 0; i < count; i++) {
    const truth = label[i]!;
    images[truth]!++;
    const isRight = prediction[end + i] === truth;
    if (isRight === (prediction[outcome.exitOf[i]! * count + i] === truth)) continue;
    (isRight ? lost : won)[truth]!++;
  }
  return { images, lost, won };
}

/** The share of each class's images that a policy takes from its accuracy against the plain network; below 0 where it gains. */
export function classLosses(trace: Trace, outcome: Outcome): Float64Array {
  const { images, lost, won } = turnedByClass(trace, outcome);
  return lost.map((gone, k) => (gone - won[k]!) / Math.max(1, images[k]!));
}

/** The most that a policy takes from a class, 0 where every class gains. */
export const worstLoss = (trace: Trace, outcome: Outcome): number =>
  classLosses(trace, outcome).reduce((worst, lost) => Math.max(worst, lost), 0);

/** Share of a class's images from which on its loss is told without being asked for. */
const NOTABLE_LOSS = 0.05;
/** Standard errors that such a loss is beyond, so that few images do not cry. */
const NOTABLE_ERRORS = 2;

export interface NotableLoss {
  /** Index into the trace's classes. */
  readonly label: number;
  /** Share of its images that the policy takes from its accuracy against the plain network. */
  readonly loss: number;
  readonly images: number;
  /** Whether no class loses more, those of too few images included. */
  readonly isMost: boolean;
}

/**
 * The class that loses most of those whose loss is `NOTABLE_LOSS` or more, and at least two standard errors: √n of the
 * images that only one of the exit where they leave and the last one has right. Null where no class does.
 */
export function notableLoss(trace: Trace, outcome: Outcome): NotableLoss | null {
  const { images, lost, won } = turnedByClass(trace, outcome);
  let most = 0;
  let found: Omit<NotableLoss, 'isMost'> | null = null;
  for (let k = 0; k < images.length; k++) {
    const net = lost[k]! - won[k]!;
    const loss = net / Math.max(1, images[k]!);
    most = Math.max(most, loss);
    const isBeyondChance = net >= NOTABLE_ERRORS * Math.sqrt(lost[k]! + won[k]!);
    if (loss >= NOTABLE_LOSS && isBeyondChance && loss > (found?.loss ?? 0))
      found = { label: k, loss, images: images[k]! };
  }
  return found && { ...found, isMost: found.loss === most };
}
