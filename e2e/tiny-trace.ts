/** Small traces of networks that the page does not know, as other programs write them. */
import { randomFrom } from '../src/core/random.ts';
import { encodeTrace } from '../src/core/trace-file.ts';
import type { Trace, TraceSplit } from '../src/core/trace.ts';

export type Files = Map<string, Uint8Array>;
type Header = Record<string, unknown>;

/** A network that is surer and right more often the deeper an exit is. */
export function tinyTrace(split: TraceSplit, count: number, change: Partial<Trace> = {}): Trace {
  const exits = change.exits ?? [
    { name: 'block1', stage: 0, flops: 1000 },
    { name: 'block2', stage: 1, flops: 2500 },
    { name: 'head', stage: 2, flops: 4000 },
  ];
  const classes = change.classes ?? ['hare', 'hedgehog', 'heron'];
  const random = randomFrom(split === 'test' ? 7 : 11);
  const label = Uint8Array.from({ length: count }, (_, i) => i % classes.length);
  const cells = count * exits.length;
  const prediction = new Uint8Array(cells);
  const confidence = new Float32Array(cells);
  for (let at = 0; at < cells; at++) {
    const sure = random();
    const depth = (Math.floor(at / count) + 1) / exits.length;
    const isRight = random() < 0.4 + 0.6 * sure * depth;
    const truth = label[at % count]!;
    prediction[at] = isRight ? truth : (truth + 1) % classes.length;
    confidence[at] = sure;
  }
  return {
    ...{ dataset: 'animals', network: 'mynet', method: 'sdn', split, classes, count, total: count },
    ...{ exits, networkFlops: exits.at(-1)!.flops, label, prediction, confidence },
    provenance: {
      commit: 'abc1234',
      backend: 'PyTorch 2.7',
      seed: 3,
      trainImages: 90,
      options: {},
    },
    ...change,
  };
}

/** Its two files. `spoil` changes the header as another program, or a forger, would have written it. */
export function filesOf(trace: Trace, name: string, spoil?: (header: Header) => void): Files {
  const { header, bytes } = encodeTrace(trace);
  const json = JSON.parse(JSON.stringify(header)) as Header;
  spoil?.(json);
  return new Map([
    [`${name}.trace.json`, new TextEncoder().encode(`${JSON.stringify(json)}\n`)],
    [`${name}.trace.bin`, bytes],
  ]);
}

export const together = (...all: readonly Files[]): Files =>
  new Map(all.flatMap((files) => [...files]));

/** How many images leave at each exit where all thresholds are T: the definition, image by image. */
export function leavingAt(
  { count, exits, confidence }: Trace,
  leaves: (confidence: number) => boolean,
): number[] {
  const leaving = exits.map(() => 0);
  for (let i = 0; i < count; i++) {
    let j = 0;
    while (j < exits.length - 1 && !leaves(confidence[j * count + i]!)) j++;
    leaving[j]!++;
  }
  return leaving;
}
