/** A Vite plugin that gives Recharts the scales of axes with numbers and names alone. */
import type { Plugin } from 'vite';

const ASKED = 'victory-vendor/d3-scale';
const GIVEN = '\0scales';

/**
 * Recharts looks a scale up by its name in all of d3-scale, so that no bundler can leave out those for dates, colours and
 * logarithms, which no chart here has: 8 kB gzipped of a first visit.
 */
export function numberScales(): Plugin {
  return {
    name: 'number-scales',
    enforce: 'pre',
    resolveId: (id) => (id === ASKED ? GIVEN : null),
    load: (id) =>
      id === GIVEN
        ? "export { scaleBand, scaleImplicit, scaleLinear, scaleOrdinal, scalePoint } from 'd3-scale';"
        : null,
  };
}
