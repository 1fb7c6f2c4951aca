import { memo, useId } from 'react';
import type { Outcome } from '../../core/replay.ts';
import { depthColour } from '../shared/colours.ts';
import { road } from './road.ts';

interface RoadProps {
  readonly outcome: Outcome;
  /** Width of one exit's column in pixels. */
  readonly column: number;
  /** Exits whose columns are on screen, or nearly, where not all are to be drawn: first, and first after them. */
  readonly from?: number;
  readonly to?: number;
}

const HEIGHT = 96;
const THICKNESS = 54;
/** Opacity of the road under the ramps. */
const ROAD = 0.2;

/** The road from input to classifier: its width is the share of images still driving. */
export const Road = memo(function Road({ outcome, column, from = 0, to }: RoadProps) {
  const exits = outcome.leaving.length;
  const id = useId();
  const pieces = road(outcome.leaving, { column, height: HEIGHT, thickness: THICKNESS });
  return (
    <svg className="road" width={column * exits} height={HEIGHT} aria-hidden="true">
      {pieces.slice(from, to).map(({ band, ramp, fade }, n) => {
        const j = from + n;
        return (
          <g key={j} fill={depthColour(j, exits)}>
            <linearGradient
              id={`${id}-${j}`}
              gradientUnits="userSpaceOnUse"
              x1={fade[0]}
              x2={fade[1]}
            >
              <stop stopColor={depthColour(j, exits)} stopOpacity={ROAD} />
              <stop offset={1} stopColor={depthColour(j, exits)} />
            </linearGradient>
            {band && <path d={band} fillOpacity={ROAD} />}
            {ramp && (
              <path
                d={ramp}
                fill={`url(#${id}-${j})`}
                stroke={`url(#${id}-${j})`}
                strokeWidth={0.75}
              />
            )}
          </g>
        );
      })}
    </svg>
  );
});
