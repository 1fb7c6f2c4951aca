import type { Shape } from './shapes.ts';

const paths: Readonly<Record<Shape, string>> = {
  circle: 'M1.5 5a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0Z',
  square: 'M2 2h6v6h-6Z',
  triangle: 'M5 1L9 8.5H1Z',
  diamond: 'M5 .6L9 5L5 9.4L1 5Z',
};

/** A point of the scatter as its key shows it, in the colour of the text around it. */
export function ShapeKey({ shape }: { readonly shape: Shape }) {
  return (
    <svg viewBox="0 0 10 10" width="10" height="10" aria-hidden="true">
      <path d={paths[shape]} fill="currentColor" />
    </svg>
  );
}
