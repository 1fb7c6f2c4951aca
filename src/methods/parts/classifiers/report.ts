/** What training internal classifiers tells beside the traces. */
import type { MethodReport, RunContext } from '../../contract/run.ts';
import type { Training } from '../../contract/training.ts';

/** How one exit's classifier was trained. */
export interface TrainingHistory {
  readonly exit: string;
  /** Mean cross-entropy in nats over each epoch, before each step, and the share of images labelled right. */
  readonly loss: readonly number[];
  readonly accuracy: readonly number[];
}

export interface SdnReport extends MethodReport {
  readonly training: readonly TrainingHistory[];
  /** Numbers learnt, all exits together. */
  readonly parameters: number;
  /** Bytes of training features that were kept. */
  readonly featureBytes: number;
  /** Training images of each class. */
  readonly imagesPerClass: readonly number[];
}

/** Collects what is told when an epoch ends. */
export class Histories {
  private readonly of = new Map<string, { exit: string; loss: number[]; accuracy: number[] }>();

  add({ exit, epoch, done, total, loss, accuracy }: Training): void {
    if (done < total) return;
    // A classifier that begins anew overwrites what it had.
    const history = this.of.get(exit) ?? { exit, loss: [], accuracy: [] };
    history.loss[epoch - 1] = loss;
    history.accuracy[epoch - 1] = accuracy;
    this.of.set(exit, history);
  }

  /** A run's context that also tells this. */
  listening<Fitted>(context: RunContext<Fitted>): RunContext<Fitted> {
    return {
      ...context,
      onTraining: (training) => {
        this.add(training);
        context.onTraining?.(training);
      },
    };
  }

  /** In the order of the exits. */
  list(exits: readonly { readonly name: string }[]): TrainingHistory[] {
    return exits.flatMap(({ name }) => this.of.get(name) ?? []);
  }
}
