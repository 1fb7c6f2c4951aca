/** What a classifier sees of a distance: d / m; 0 where there is no mean, or no spread around it. */
export function scaledDistance(distance: number, mean: number, count: number): number {
  return count > 0 && mean > 0 ? distance / mean : 0;
}
