import { useEffect, useRef } from 'react';
import type { Outcome } from '../../core/replay.ts';
import type { Trace } from '../../core/trace.ts';
import { isUnlabelled, rightWords } from '../shared/rightWords.ts';
import { useClusterNames } from '../shared/useClusterNames.ts';

interface MapCursorProps {
  /** Of the element, for whoever has the focus. */
  readonly id: string;
  readonly image: number;
  /** Which of the images under its exit, from 0, and of how many. */
  readonly nth: number;
  readonly of: number;
  readonly name: string;
  readonly isSelected: boolean;
  /** Whether the keyboard has just moved it here: it is then brought on screen. */
  readonly isMoved: boolean;
  /** CSS pixels, from the upper left corner of the map. */
  readonly left: number;
  readonly top: number;
  readonly side: number;
}

/** The image that the keyboard is at: the one element of the map that is more than a picture. */
export function MapCursor(props: MapCursorProps) {
  const { id, image, nth, of, name, isSelected, isMoved, left, top, side } = props;
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isMoved) element.current!.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [isMoved, image]);
  return (
    <div
      ref={element}
      id={id}
      className="map-cursor"
      role="option"
      aria-label={name}
      aria-selected={isSelected}
      aria-posinset={nth + 1}
      aria-setsize={of}
      style={{ left, top, width: side, height: side }}
    />
  );
}

/** An image of a map in words: what it is, what it is taken for, where it leaves. */
export function useImageName(trace: Trace, outcome: Outcome): (image: number) => string {
  const words = rightWords(trace);
  const clusters = useClusterNames(trace);
  const truths = isUnlabelled(trace) ? clusters : trace.classes;
  return (image) => {
    const exit = outcome.exitOf[image]!;
    const label = trace.label[image]!;
    const predicted = trace.prediction[exit * trace.count + image]!;
    const verdict =
      predicted === label
        ? `${truths[label]}, ${words.right}`
        : words.taken(`${truths[label]}`, `${clusters[predicted]}`);
    return `${trace.split} image ${image}: ${verdict}, leaves at ${trace.exits[exit]!.name}`;
  };
}
