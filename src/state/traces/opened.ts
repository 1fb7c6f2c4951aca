/** What a person opened as traces: where from, what else came with it, and how thresholds are chosen on it. */
import type { ConfidenceChoice } from '../../core/confidence/choice.ts';
import type { Tempering } from '../../data/traces/hold.ts';
import type { OpenedRun } from '../../data/traces/runs.ts';

/** Traces that came together. */
export interface Opened {
  /** Never none. */
  readonly runs: readonly OpenedRun[];
  /** The one of them on screen. */
  readonly at: number;
  /** As a link names them; null where they came as files, which no link can name. */
  readonly addresses: readonly string[] | null;
  /** Whether thresholds are chosen on one half of the test images and measured on the other. */
  readonly isHalved: boolean;
  /** Whether a person said how confidences are held against thresholds, because no file did. */
  readonly isRuleAsked: boolean;
  /** The confidence that was chosen of the scores that came with them; null: the trace's own. */
  readonly choice: ConfidenceChoice | null;
  /** Of a choice with temperatures, once it is on screen. */
  readonly tempering: Tempering | null;
}
