import { useId, type CSSProperties } from 'react';
import { nearestByCost } from '../../core/search/frontier.ts';
import { activeCurve } from '../../state/scene/derive.ts';
import { measureTuning, setPolicyFromStop } from '../../state/scene/shown.ts';
import { costWords } from '../shared/costWords.ts';
import { percent } from '../shared/format.ts';
import type { RightWords } from '../shared/rightWords.ts';
import { useScene, useShown } from '../shared/scene.ts';
import './curve.css';

interface StopSliderProps {
  readonly cost: number;
  readonly accuracy: number;
  readonly words: RightWords;
}

/** The same movement for keyboards and screen readers: the stops of the curve, by rising cost. */
export function StopSlider({ cost, accuracy, words }: StopSliderProps) {
  const scene = useScene();
  const trace = useShown((state) => state.trace);
  const policy = useShown((state) => state.policy);
  const curve = useShown(activeCurve);
  const id = useId();
  if (!curve || !trace || curve.stops.length < 2) return null;
  const stops = trace.split === 'test' && curve.testStops ? curve.testStops : curve.stops;
  // Two stops may cost the same on test: the nearest would hold an arrow key at the first of them for ever.
  const taken = curve.stops.findIndex(({ thresholds }) => thresholds === policy?.thresholds);
  const at = taken < 0 ? nearestByCost(stops, cost) : taken;
  return (
    <div
      className="stop-slider"
      style={{ '--share': `${(100 * at) / (stops.length - 1)}%` } as CSSProperties}
    >
      <label htmlFor={id}>Operating point</label>
      <input
        id={id}
        type="range"
        min={0}
        max={stops.length - 1}
        value={at}
        aria-valuetext={`${cost.toFixed(3)} ${costWords(trace).of}, ${percent(accuracy)} ${words.right}`}
        onChange={(event) => setPolicyFromStop(scene, Number(event.target.value))}
        onPointerUp={() => measureTuning(scene)}
        onKeyUp={() => measureTuning(scene)}
      />
    </div>
  );
}
