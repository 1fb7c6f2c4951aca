import { describe, expect, it } from 'vitest';
import { numberFields, readField } from './fields.ts';

const of = (name: string) => numberFields.find((field) => field.name === name)!;

describe('numbers that a person types for a clustering', () => {
  it('are whole and within their limits', () => {
    expect(readField(of('epochs'), ' 12 ')).toBe(12);
    expect(readField(of('refineSteps'), '0')).toBe(0);
    expect(readField(of('seed'), '0')).toBe(0);
    expect(readField(of('batch'), '8')).toBe(
      'Images a step: expected a whole number from 16 to 4096; “8” came.',
    );
    expect(readField(of('epochs'), '')).toBe(
      'Pretraining, epochs: expected a whole number from 1 to 1000; nothing came.',
    );
  });

  it('may be left out where that means something', () => {
    expect(readField(of('clusters'), '')).toBe(0);
    expect(readField(of('trainImages'), '0')).toBe(0);
    expect(readField(of('clusters'), '1.5')).toBe(
      'Clusters, K: expected a whole number from 2 to 50, or nothing for one a class; “1.5” came.',
    );
  });
});
