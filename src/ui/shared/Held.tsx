import { holdings, type Said } from '../../core/leaving.ts';
import { pairingOf } from '../../core/pairing.ts';
import { cellOf, sense, type Policy } from '../../core/policy.ts';
import type { Trace } from '../../core/trace.ts';
import type { CurveId } from '../../state/scene/curve.ts';
import { confidence as digits, threshold as inWords } from './format.ts';
import { judgeNames, unitHeld } from './methods.ts';

interface HeldProps {
  readonly trace: Trace;
  readonly policy: Policy;
  readonly exit: number;
  /** What the exit says of the image. */
  readonly said: Said;
  readonly curve: CurveId;
}

/** Every confidence of an image at an exit and what it is held against: "max softmax 0.93 ≥ T 0.9", "…, T open". */
export function Held({ trace, policy, exit, said, curve }: HeldProps) {
  const { symbol } = sense(policy.rule);
  const units =
    cellOf(policy.thresholds, trace) === 'judge' ? judgeNames(trace) : [unitHeld(curve, trace)];
  const joined = pairingOf(trace) === 'or' ? ' or ' : ' and ';
  return holdings(policy, trace, exit, said).map(({ confidence, threshold }, n) => (
    <span key={n}>
      {n > 0 && joined}
      {units[n]} {digits(confidence)}
      {Number.isFinite(threshold) ? ` ${symbol} T ` : ', T '}
      {inWords(threshold, policy.rule)}
    </span>
  ));
}
