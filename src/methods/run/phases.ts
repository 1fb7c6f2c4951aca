/** Progress over the passes of a run: what, how far, how fast, how long still. */
import type { Arrays } from '../contract/arrays.ts';
import type { Progress, RunContext } from '../contract/run.ts';
import type { Pass } from '../contract/runner.ts';

export interface Phase {
  readonly phase: string;
  readonly images: number;
  /** Time of an image relative to one through the network, for what is left of later phases; default 1. */
  readonly effort?: number;
}

export interface PhaseTime extends Phase {
  readonly seconds: number;
  readonly imagesPerSecond: number;
}

/** The rate is taken over the last few seconds, so that a warm-up is soon forgotten. */
const WINDOW_MS = 3000;

export class Phases {
  readonly times: PhaseTime[] = [];
  private step = 0;
  private started = 0;
  private samples: { time: number; done: number }[] = [];

  constructor(
    private readonly plan: readonly Phase[],
    private readonly onProgress: ((progress: Progress) => void) | undefined,
  ) {}

  /** Begins the next phase of the plan. */
  start(): void {
    this.step++;
    this.started = performance.now();
    this.samples = [{ time: this.started, done: 0 }];
    this.report(0);
  }

  /** The next phase, which is one pass: started, reported and ended. */
  async pass<Parameters extends Arrays, Result extends Arrays>(
    pass: Pass<Parameters, Result>,
    { runner, signal }: Pick<RunContext<never>, 'runner' | 'signal'>,
  ): Promise<void> {
    this.start();
    const onProgress = (done: number) => this.report(done);
    await runner.run({ ...pass, onProgress, ...(signal && { signal }) });
    this.end();
  }

  report(done: number): void {
    const { phase, images, effort = 1 } = this.plan[this.step - 1]!;
    const time = performance.now();
    this.samples.push({ time, done });
    while (this.samples.length > 2 && time - this.samples[0]!.time > WINDOW_MS)
      this.samples.shift();
    const first = this.samples[0]!;
    const elapsed = (time - first.time) / 1000;
    const rate = elapsed > 0 ? Math.max(0, done - first.done) / elapsed : 0;
    const later = this.plan
      .slice(this.step)
      .reduce((sum, next) => sum + (next.images * (next.effort ?? 1)) / effort, 0);
    this.onProgress?.({
      phase,
      step: this.step,
      steps: this.plan.length,
      done,
      total: images,
      imagesPerSecond: rate,
      secondsLeft: rate > 0 ? (images - done + later) / rate : null,
    });
  }

  end(): void {
    const { phase, images } = this.plan[this.step - 1]!;
    const seconds = (performance.now() - this.started) / 1000;
    this.times.push({ phase, images, seconds, imagesPerSecond: images / seconds });
    this.report(images);
  }
}
