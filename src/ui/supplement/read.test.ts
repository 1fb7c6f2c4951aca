import { describe, expect, it } from 'vitest';
import { randomTrace } from '../../core/fixture.ts';
import { writeSupplement } from '../../export/supplement.ts';
import { readSupplement } from './read.ts';

const PAGE =
  '<title>Offramp</title><body><script id="offramp-run" type="application/json"></script></body>';
const trace = { ...randomTrace(50, 3), split: 'test' as const };
const about = {
  title: 'E2CM on <my> network',
  facts: [{ name: 'address', value: 'https://host.example/?T=</script><b>&' }],
  ...{ rule: 'above' as const, unit: 'confidence', costUnit: 'FLOPs', tunedOn: 'train' },
  thresholds: [Infinity, -Infinity],
  curve: [{ cost: 0.3, accuracy: 0.5, thresholds: [0.25, Infinity] }],
};
const filled = (html: string): string => /application\/json">(.*?)<\/script>/.exec(html)![1]!;

describe('a run in one file', () => {
  it('comes back as it was filled in: trace, thresholds, curve and words', () => {
    const html = writeSupplement(PAGE, trace, null, about);
    expect(html.match(/<\/script>/g)).toHaveLength(1);
    expect(html).toContain('<title>E2CM on &lt;my> network</title>');
    const run = readSupplement(filled(html));
    expect(run).toMatchObject(about);
    expect(run.trace.confidence).toEqual(trace.confidence);
    expect(run.trace.prediction).toEqual(trace.prediction);
    expect(run.trace.label).toEqual(trace.label);
    expect(run.trace.exits).toEqual(trace.exits);
  });

  it('says what is wrong with a file that was changed', () => {
    const json = filled(writeSupplement(PAGE, trace, null, about));
    expect(() => readSupplement(' ')).toThrow('This file holds no run; export one from Offramp');
    expect(() => readSupplement(json.replace('supplement/1', 'supplement/9'))).toThrow(
      'The run has the format "offramp-supplement/9"; expected "offramp-supplement/1".',
    );
    expect(() => readSupplement(json.replace('"Infinity","-Infinity"', '0.1'))).toThrow(
      'thresholds has 1 entries; the trace has 3 exits.',
    );
    expect(() => writeSupplement('<html>', trace, null, about)).toThrow('has no place for a run');
  });
});
