/** What a training tells while it goes on. */

/** How far the training of one exit's classifier is: called when an epoch ends, and a few times a second. */
export interface Training {
  /** Name of the exit. */
  readonly exit: string;
  /** The epoch that is going on or has just ended, from 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** Images of this epoch that were seen; all of them when it has ended. */
  readonly done: number;
  readonly total: number;
  /** Mean cross-entropy of those images in nats, each before the step that it was part of. */
  readonly loss: number;
  /** Share of them that was labelled right. */
  readonly accuracy: number;
}
