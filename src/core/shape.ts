/** How many numbers an array of a shape holds: 1 of an empty shape. */
export const sizeOf = (shape: readonly number[]): number =>
  shape.reduce((product, size) => product * size, 1);
