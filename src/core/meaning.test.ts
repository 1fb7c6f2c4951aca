import { describe, expect, it } from 'vitest';
import { isLabelled, unlabelled } from './clustering/unlabelled.ts';
import { randomTrace } from './fixture.ts';
import { meaningOf, readMeaning } from './meaning.ts';
import { readProvenance } from './trace-fields.ts';
import type { Provenance, Trace } from './trace.ts';

const trace = randomTrace(20, 3);
const withOptions = (options: Provenance['options']): Trace => ({
  ...trace,
  provenance: { ...trace.provenance, options },
});

describe('what the labels of a trace stand for', () => {
  it('follows from the options where a file of before does not say it', () => {
    expect(meaningOf(trace)).toBe('classes');
    expect(meaningOf(withOptions({ clustered: 70_000, labelled: true }))).toBe('clusters');
    expect(meaningOf(withOptions({ clustered: 70_000, labelled: false }))).toBe('unlabelled');
  });

  it('is what the trace says, whatever its options', () => {
    const said = { ...trace, provenance: { ...trace.provenance, meaning: 'clusters' as const } };
    expect(meaningOf(said)).toBe('clusters');
    expect(readProvenance(said.provenance, 'provenance')).toEqual(said.provenance);
  });

  it('is without labels once the classes are taken away', () => {
    const bare = unlabelled(withOptions({ clustered: 20, labelled: true }));
    expect([meaningOf(bare), isLabelled(bare)]).toEqual(['unlabelled', false]);
  });

  it('is refused with a sentence where it is none', () => {
    expect(() => readProvenance({ ...trace.provenance, meaning: 'dogs' }, 'provenance')).toThrow(
      'provenance.meaning is "dogs"; expected classes, agreement, clusters, unlabelled.',
    );
    expect(readMeaning('unlabelled', 'meaning')).toBe('unlabelled');
  });
});
