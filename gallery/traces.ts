/** Made-up traces of drawn digits: later exits are right more often, and hard images later. */
import type { Dataset } from '../src/core/dataset.ts';
import { randomFrom } from '../src/core/random.ts';
import type { Trace, TraceSplit } from '../src/core/trace.ts';

export interface Wish {
  readonly exits: number;
  /** Names of classes; the dataset's where none are named, and its labels then. */
  readonly classes?: readonly string[];
  readonly method?: string;
  readonly split?: Exclude<TraceSplit, 'holdout'>;
  /** Images the run set out to trace, where it was cut short. */
  readonly total?: number;
  readonly options?: Trace['provenance']['options'];
  readonly names?: readonly string[];
  readonly seed?: number;
}

/** A trace over a split of a dataset. */
export function madeTrace(dataset: Dataset, wish: Wish): Trace {
  const { exits, split = 'test', method = 'e2cm', options = {}, seed = 1 } = wish;
  const { count, labels, difficulty } = dataset[split];
  const classes = wish.classes ?? dataset.classes;
  const random = randomFrom(seed + (split === 'train' ? 1000 : 0));
  const k = classes.length;
  const label = Uint8Array.from({ length: count }, (_, i) =>
    wish.classes ? Math.floor(random() * k) : labels[i]!,
  );
  const prediction = new Uint8Array(count * exits);
  const confidence = new Float32Array(count * exits);
  for (let j = 0; j < exits; j++) {
    const depth = (j + 1) / exits;
    for (let i = 0; i < count; i++) {
      const ease = 1 - (difficulty?.[i] ?? random());
      const right = random() < 0.25 + 0.72 * depth ** 0.5 * (0.6 + 0.4 * ease);
      prediction[j * count + i] = right ? label[i]! : Math.floor(random() * k);
      const sure = (1 / k) * (1 + (0.1 + depth) * (0.4 * ease + (right ? 0.4 : 0.1) * random()));
      confidence[j * count + i] = Math.min(1, sure);
    }
  }
  const flops = Array.from({ length: exits }, (_, j) => Math.round((1e6 * (j + 1)) / exits));
  return {
    ...{ dataset: dataset.id, network: 'made-up', method, split, classes, count },
    total: wish.total ?? count,
    exits: flops.map((cost, stage) => ({
      name: wish.names?.[stage] ?? (stage === exits - 1 ? 'classifier' : `layer${stage}`),
      stage,
      flops: cost,
      size: 64,
    })),
    networkFlops: 1e6,
    ...{ label, prediction, confidence },
    provenance: {
      commit: 'live',
      backend: 'none',
      seed: 1,
      trainImages: dataset.train.count,
      options,
    },
  };
}
