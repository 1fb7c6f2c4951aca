import { memo } from 'react';
import type { Outcome } from '../../core/replay.ts';
import { depthColour } from '../shared/colours.ts';
import { road } from './road.ts';

interface RoadProps {
  readonly outcome: Outcome;
  /** Width of one exit's column in pixels. */
  readonly column: number;
}

const HEIGHT = 96;
const THICKNESS = 54;

/** The road from input to classifier: its width is the share of images still driving. */
export const Road = memo(function Road({ outcome, column }: RoadProps) {
  const exits = outcome.leaving.length;
  const pieces = road(outcome.leaving, { column, height: HEIGHT, thickness: THICKNESS });
  return (
    <svg className="road" width={column * exits} height={HEIGHT} aria-hidden="true">
      {pieces.map(({ band, ramp }, j) => (
        <g key={j} fill={depthColour(j, exits)}>
          <path d={band} opacity={0.18} />
          {ramp && (
            <path d={ramp} stroke={depthColour(j, exits)} strokeWidth={0.75} opacity={0.9} />
          )}
        </g>
      ))}
    </svg>
  );
});
