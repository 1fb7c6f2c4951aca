/** A trace while it is being computed: batches come in any order, the trace so far is a prefix of the images. */
import { agreement } from '../../core/agreement.ts';
import type { Split } from '../../core/dataset.ts';
import type { SecondJudge } from '../../core/pairing.ts';
import type { Trace, TraceHead } from '../../core/trace.ts';
import type { Decisions } from './stream.ts';

/** How many images from the first on are there, when batches arrive out of order. */
export class Prefix {
  private readonly waiting = new Map<number, number>();
  /** Images 0…ready−1 are there. */
  ready = 0;

  add(from: number, count: number): void {
    this.waiting.set(from, count);
    for (let next = this.waiting.get(this.ready); next !== undefined;) {
      this.waiting.delete(this.ready);
      this.ready += next;
      next = this.waiting.get(this.ready);
    }
  }
}

export class TraceBuffer {
  /** Exit-major over all images of the split: entry j·total + i. */
  readonly decisions: Decisions;
  readonly total: number;

  constructor(
    private readonly head: TraceHead,
    private readonly split: Split,
    isPair = false,
  ) {
    this.total = split.count;
    const room = (): Decisions => ({
      prediction: new Uint8Array(head.exits.length * split.count),
      confidence: new Float32Array(head.exits.length * split.count),
      stride: split.count,
    });
    this.decisions = { ...room(), ...(isPair && { second: room() }) };
  }

  /** The trace of the first `count` images, as a copy: what comes later does not change it. */
  sofar(count: number): Trace {
    const { head, split, total } = this;
    const first = (of: Decisions): SecondJudge => {
      const prediction = new Uint8Array(head.exits.length * count);
      const confidence = new Float32Array(head.exits.length * count);
      for (let j = 0; j < head.exits.length; j++) {
        prediction.set(of.prediction.subarray(j * total, j * total + count), j * count);
        confidence.set(of.confidence.subarray(j * total, j * total + count), j * count);
      }
      return { prediction, confidence };
    };
    return this.#known({
      ...{ ...head, count, label: split.labels.subarray(0, count) },
      ...taken(this.decisions, first),
    });
  }

  /** The whole trace; the buffer must not be written any more. */
  finish(): Trace {
    const { head, split, total } = this;
    const whole = ({ prediction, confidence }: Decisions) => ({ prediction, confidence });
    return this.#known({
      ...{ ...head, count: total, label: split.labels },
      ...taken(this.decisions, whole),
    });
  }

  /** Where nobody knows the classes, what the last exit says takes their place. */
  #known(trace: Trace): Trace {
    return this.split.labelled === false ? agreement(trace) : trace;
  }
}

/** What both judges say, where there are two. */
const taken = (of: Decisions, take: (of: Decisions) => SecondJudge) => ({
  ...take(of),
  ...(of.second && { second: take(of.second) }),
});

/** Lets something happen at once, then at most every `interval` ms. */
export class Throttle {
  private last = -Infinity;

  constructor(private readonly interval = 300) {}

  isDue(): boolean {
    const now = performance.now();
    if (now - this.last < this.interval) return false;
    this.last = now;
    return true;
  }
}
