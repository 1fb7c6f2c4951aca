import { memo, useState, type CSSProperties, type KeyboardEvent } from 'react';
import type { Cell, Rule } from '../../core/policy.ts';
import {
  measureTuning,
  setLeavingCount,
  setLeavingShare,
  setThreshold,
} from '../../state/scene/shown.ts';
import { depthColour } from '../shared/colours.ts';
import { count, percent, threshold as inWords } from '../shared/format.ts';
import { TypedThreshold } from './TypedThreshold.tsx';
import { useScene } from '../shared/scene.ts';

interface ThresholdSliderProps {
  readonly exit: number;
  readonly exits: number;
  readonly name: string;
  /** Images that arrive at the exit, and that leave there. */
  readonly arriving: number;
  readonly leaving: number;
  readonly threshold: number;
  /** The greatest one where it has several; `threshold` is then the least. */
  readonly upTo?: number;
  readonly rule: Rule;
  /** Whether it is on screen, or nearly: elsewhere the slider stands alone, and says in words what the rest would show. */
  readonly isSeen: boolean;
  /** What they are for. */
  readonly by?: Exclude<Cell, 'exit'>;
  /** Shows them one by one; missing where there is one. */
  readonly onOpen?: () => void;
}

/** What one press of an arrow or page key moves, as a share of the arriving images: at least one image. */
const STEPS: Readonly<Record<string, number>> = {
  ArrowRight: 0.01,
  ArrowUp: 0.01,
  ArrowLeft: -0.01,
  ArrowDown: -0.01,
  PageUp: 0.1,
  PageDown: -0.1,
};

/** Arrow and page keys of a slider that counts images. */
export const byKeys =
  (arriving: number, leaving: number, set: (leaving: number) => void) =>
  (event: KeyboardEvent): void => {
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const images = Math.sign(step) * Math.max(1, Math.round(Math.abs(step) * arriving));
    set(Math.min(arriving, Math.max(0, leaving + images)));
  };

/**
 * One exit's threshold, moved in the exit's own quantiles: how many of the images that arrive leave here.
 * The slider counts images, so that its steps are whole images however few arrive.
 */
export const ThresholdSlider = memo(function ThresholdSlider(props: ThresholdSliderProps) {
  const scene = useScene();
  const { exit, exits, name, arriving, leaving, threshold, upTo, rule, isSeen, by, onOpen } = props;
  const inNumbers =
    upTo === undefined || upTo === threshold
      ? inWords(threshold, rule)
      : `${inWords(threshold, rule)} … ${inWords(upTo, rule)}`;
  const share = arriving === 0 ? 0 : leaving / arriving;

  const onKeyDown = byKeys(arriving, leaving, (images) => setLeavingCount(scene, exit, images));

  const label = `Images that leave at ${name}`;
  return (
    <div
      className="threshold"
      style={{ '--fill': depthColour(exit, exits), '--share': `${share * 100}%` } as CSSProperties}
    >
      <input
        type="range"
        min={0}
        max={Math.max(1, arriving)}
        step={1}
        value={leaving}
        disabled={arriving === 0}
        aria-label={label}
        aria-valuetext={
          arriving === 0
            ? `${name}: no image arrives`
            : `${name}: ${count(leaving)} of ${count(arriving)} arriving images leave, top ${percent(share)}, threshold ${inNumbers}`
        }
        onChange={(event) => setLeavingCount(scene, exit, Number(event.target.value))}
        onKeyDown={onKeyDown}
      />
      {isSeen && <ShareField exit={exit} name={name} share={share} disabled={arriving === 0} />}
      {isSeen &&
        (onOpen ? (
          <button
            type="button"
            className="link threshold-t"
            title={`T by ${by}: ${inNumbers}`}
            aria-label={`Thresholds of ${name} by ${by}`}
            onClick={onOpen}
          >
            T by {by}
          </button>
        ) : (
          <TypedThreshold
            words={`T ${inNumbers}`}
            label={`T ${inNumbers} at ${name}: type another`}
            title={`T = ${threshold}`}
            rule={rule}
            onSet={(value) => {
              setThreshold(scene, exit, value);
              measureTuning(scene);
            }}
          />
        ))}
    </div>
  );
});

interface ShareFieldProps {
  readonly exit: number;
  readonly name: string;
  readonly share: number;
  readonly disabled: boolean;
}

/** The share as a number that can be typed; what is being typed stays until Enter or leaving the field. */
function ShareField({ exit, name, share, disabled }: ShareFieldProps) {
  const scene = useScene();
  const [draft, setDraft] = useState<string | null>(null);
  const commit = (): void => {
    const value = Number(draft?.replace(',', '.').replace('%', ''));
    if (draft !== null && draft.trim() !== '' && value >= 0 && value <= 100)
      setLeavingShare(scene, exit, value / 100);
    setDraft(null);
  };
  return (
    <label className="share-field">
      top
      <input
        inputMode="decimal"
        value={draft ?? (share * 100).toFixed(share > 0 && share < 0.0995 ? 1 : 0)}
        disabled={disabled}
        aria-label={`Share of arriving images that leave at ${name}, percent`}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit();
          if (event.key === 'Escape') setDraft(null);
        }}
      />
      %
    </label>
  );
}
