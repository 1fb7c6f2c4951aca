import { expect, it } from 'vitest';
import { normal, randomFrom } from '../random.ts';
import { eigenvectors } from './eigen.ts';

it('gives orthonormal vectors that the matrix only stretches, most stretched first', () => {
  const size = 10;
  const random = randomFrom(3);
  const half = Array.from({ length: size * size }, () => normal(random));
  const matrix = Float64Array.from({ length: size * size }, (_, at) => {
    let sum = 0;
    for (let k = 0; k < size; k++)
      sum += half[Math.floor(at / size) * size + k]! * half[(at % size) * size + k]!;
    return sum;
  });
  const vectors = eigenvectors(matrix, size);
  const row = (i: number): Float64Array => vectors.subarray(i * size, (i + 1) * size);
  const dot = (a: Float64Array, b: Float64Array): number =>
    a.reduce((sum, value, d) => sum + value * b[d]!, 0);
  let before = Infinity;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) expect(dot(row(i), row(j))).toBeCloseTo(i === j ? 1 : 0, 12);
    const stretched = Float64Array.from({ length: size }, (_, a) =>
      dot(matrix.subarray(a * size, (a + 1) * size), row(i)),
    );
    const value = dot(stretched, row(i));
    stretched.forEach((entry, d) => expect(entry).toBeCloseTo(value * row(i)[d]!, 10));
    expect(value).toBeLessThan(before);
    before = value;
  }
});
