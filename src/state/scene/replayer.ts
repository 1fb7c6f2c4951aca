/** Replays policies for a scene, one after the other: with the same memory, and no more of it than a change asks for. */
import { beginDrag, dragTo, onlyMoved, type Drag } from '../../core/drag.ts';
import type { Policy } from '../../core/policy.ts';
import type { Arrivals } from '../../core/quantile.ts';
import {
  replay,
  replayBuffers,
  replaying,
  type Outcome,
  type ReplayBuffers,
} from '../../core/replay.ts';
import type { Trace } from '../../core/trace.ts';

export interface Replayer {
  /** What a policy gives on a trace; its arrays are overwritten by the next outcome. */
  readonly outcomeOf: (trace: Trace, policy: Policy) => Outcome;
  /** Works it out ahead, with pauses: what is asked for next is then known. */
  readonly outcomeAhead: (trace: Trace, policy: Policy) => Generator<undefined, void>;
  /** The images that arrive at exit `j`, most eager first, where the policy came from dragging that exit; else null. */
  readonly draggedAt: (trace: Trace, policy: Policy, j: number) => Arrivals | null;
}

/** What was replayed last. */
interface Last {
  readonly policy: Policy;
  readonly outcome: Outcome;
  /** The drag that it was a step of. */
  readonly drag: Drag | null;
}

/**
 * Buffers are used again as long as the trace stays; what was replayed last is not replayed again; where one threshold alone
 * has moved since, its exit is being dragged.
 */
export function replayer(): Replayer {
  let buffers: { readonly trace: Trace; readonly of: ReplayBuffers } | null = null;
  let last: Last | null = null;
  const next = (trace: Trace, policy: Policy, of: ReplayBuffers): Last => {
    const exit = last && onlyMoved(last.policy, policy);
    const isStep = exit !== null && exit === last?.drag?.exit;
    const drag = isStep ? last!.drag : exit === null ? null : beginDrag(trace, policy, exit, of);
    const outcome = drag ? dragTo(drag, policy.thresholds[drag.exit]!) : replay(trace, policy, of);
    return { policy, outcome, drag };
  };
  return {
    outcomeOf: (trace, policy) => {
      if (buffers?.trace !== trace) {
        buffers = { trace, of: replayBuffers(trace.count, trace.exits.length) };
        last = null;
      }
      if (!last || !isSame(last.policy, policy)) last = next(trace, policy, buffers.of);
      return { ...last.outcome };
    },
    *outcomeAhead(trace, policy) {
      const of = replayBuffers(trace.count, trace.exits.length);
      const outcome = yield* replaying(trace, policy, of);
      buffers = { trace, of };
      last = { policy, outcome, drag: null };
    },
    draggedAt: (trace, policy, j) =>
      buffers?.trace === trace && last?.policy === policy && last.drag?.exit === j
        ? last.drag
        : null,
  };
}

/** A stop of a curve is a policy of its own each time that it is put on screen. */
const isSame = (one: Policy, other: Policy): boolean =>
  one === other || (one.rule === other.rule && one.thresholds === other.thresholds);
