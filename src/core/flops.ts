/**
 * What things cost, in floating-point operations: one multiply-accumulate is two; batch normalisation,
 * ReLU, pooling and additions are not counted (the paper's and the field's convention).
 */

/** Convolution: 2·kh·kw·Cin·Cout·Hout·Wout, divided by `groups`. */
export function convFlops(
  kernel: readonly [height: number, width: number],
  channelsIn: number,
  channelsOut: number,
  output: readonly [height: number, width: number],
  groups = 1,
): number {
  return (2 * kernel[0] * kernel[1] * channelsIn * channelsOut * output[0] * output[1]) / groups;
}

/** Dense layer: 2·Din·Dout. */
export function denseFlops(dimensionIn: number, dimensionOut: number): number {
  return 2 * dimensionIn * dimensionOut;
}

/**
 * Distances to K class means in D dimensions: K(3D − 1) — D subtractions, D squares, D − 1 additions a class
 * (E2CM §4: "Euclidean distance calculations are included in FLOPs"). Paid at every exit that is visited.
 */
export function distanceFlops(classes: number, dimension: number): number {
  return classes * (3 * dimension - 1);
}

/** Bytes of the class means of exits with the given dimensions, K means an exit. */
export function classMeanBytes(
  classes: number,
  dimensions: readonly number[],
  bytesPerNumber: number,
): number {
  return classes * dimensions.reduce((sum, d) => sum + d, 0) * bytesPerNumber;
}
