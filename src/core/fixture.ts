/** Small traces for tests, written as one row an image so that a reader can check them by hand. */
import type { Trace } from './trace.ts';
import { randomFrom } from './random.ts';

/** One image: its true class, and (prediction, confidence) at every exit. */
export interface FixtureImage {
  readonly label: number;
  readonly exits: readonly (readonly [prediction: number, confidence: number])[];
}

/** A trace of the given images; exit j costs (j + 1) of `exits` units unless `flops` says otherwise. */
export function traceOf(images: readonly FixtureImage[], flops?: readonly number[]): Trace {
  const count = images.length;
  const exits = images[0]?.exits.length ?? flops?.length ?? 1;
  const costs = flops ?? Array.from({ length: exits }, (_, j) => j + 1);
  const prediction = new Uint8Array(count * exits);
  const confidence = new Float32Array(count * exits);
  images.forEach((image, i) =>
    image.exits.forEach(([p, c], j) => {
      prediction[j * count + i] = p;
      confidence[j * count + i] = c;
    }),
  );
  return {
    dataset: 'fixture',
    network: 'fixture',
    method: 'e2cm',
    split: 'test',
    classes: ['a', 'b', 'c'],
    count,
    total: count,
    exits: costs.map((cost, stage) => ({ name: `exit${stage}`, stage, flops: cost })),
    networkFlops: costs.at(-1)!,
    label: Uint8Array.from(images, (image) => image.label),
    prediction,
    confidence,
    provenance: { commit: 'fixture', backend: 'none', seed: null, trainImages: 0, options: {} },
  };
}

/** A trace of random images whose later exits are right more often and more sure, as a trained network's are. */
export function randomTrace(count: number, exits: number, classes = 10, seed = 1): Trace {
  const random = randomFrom(seed);
  const label = Uint8Array.from({ length: count }, () => Math.floor(random() * classes));
  const prediction = new Uint8Array(count * exits);
  const confidence = new Float32Array(count * exits);
  for (let j = 0; j < exits; j++) {
    const skill = 0.3 + (0.65 * (j + 1)) / exits;
    for (let i = 0; i < count; i++) {
      const right = random() < skill;
      prediction[j * count + i] = right ? label[i]! : Math.floor(random() * classes);
      confidence[j * count + i] = 1 / classes + (random() + (right ? 0.4 : 0)) * 0.1 * (j + 1);
    }
  }
  return {
    ...traceOf(
      [],
      Array.from({ length: exits }, (_, j) => 1000 * (j + 1)),
    ),
    classes: Array.from({ length: classes }, (_, k) => `class ${k}`),
    count,
    total: count,
    label,
    prediction,
    confidence,
  };
}

/** The same images with a second judge beside the first, right as often as not where that one is wrong. */
export function withSecondJudge(trace: Trace, seed: number, agreement: string): Trace {
  const random = randomFrom(seed);
  const k = trace.classes.length;
  const other = trace.prediction.map((own) => (random() < 0.7 ? own : Math.floor(random() * k)));
  const confidence = trace.confidence.map((own) => Math.round(8 * (own + random())) / 16);
  const { provenance } = trace;
  return {
    ...trace,
    second: { prediction: other, confidence },
    provenance: { ...provenance, options: { ...provenance.options, agreement } },
  };
}
