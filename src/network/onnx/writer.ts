/** Layers of a tfjs layers model and their weights, as they are converted one by one. */
import { product } from '../cost.ts';
import type { WeightEntry } from '../files.ts';
import type { LayerEntry } from '../topology.ts';

/** Writes a weight's numbers where they are to be: they are copied once. */
export type Fill = (target: Float32Array) => void;

interface Weight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly fill: Fill;
}

export class LayerWriter {
  readonly #layers = new Map<string, LayerEntry>();
  readonly #weights = new Map<string, Weight[]>();
  readonly #known = new Map<string, string>();

  /** A name that no layer has yet. */
  free(name: string): string {
    for (let n = 1; ; n++) {
      const tried = n === 1 ? name : `${name}_${n}`;
      if (!this.#layers.has(tried)) return tried;
    }
  }

  /** A layer without weights that is the same for everyone who asks: the one that is there already, or a new one. */
  once(
    class_name: string,
    wanted: string,
    from: string,
    config: Readonly<Record<string, unknown>>,
  ): string {
    const key = JSON.stringify([class_name, from, config]);
    const name = this.#known.get(key) ?? this.add(class_name, wanted, [from], config);
    this.#known.set(key, name);
    return name;
  }

  /** @returns the name that it got. */
  add(
    class_name: string,
    wanted: string,
    from: readonly string[],
    config: Readonly<Record<string, unknown>> = {},
    weights: readonly (readonly [role: string, shape: readonly number[], fill: Fill])[] = [],
  ): string {
    const name = this.free(wanted);
    this.#layers.set(name, {
      class_name,
      name,
      config: { name, trainable: true, dtype: 'float32', ...config },
      inbound_nodes: from.length === 0 ? [] : [from.map((of) => [of, 0, 0, {}])],
    });
    this.#weights.set(
      name,
      weights.map(([role, shape, fill]) => ({ name: `${name}/${role}`, shape, fill })),
    );
    return name;
  }

  entry(name: string): LayerEntry | undefined {
    return this.#layers.get(name);
  }

  /** Gives a layer without a bias one. */
  addBias(name: string, values: ArrayLike<number>): void {
    const entry = this.#layers.get(name)!;
    const named = 'useBias' in entry.config ? 'useBias' : 'use_bias';
    this.#layers.set(name, { ...entry, config: { ...entry.config, [named]: true } });
    this.#weights.get(name)!.push({
      name: `${name}/bias`,
      shape: [values.length],
      fill: (target) => target.set(values),
    });
  }

  /** The layers on which outputs depend, in their order, with all weights in a row. */
  finish(outputs: readonly string[]): {
    readonly layers: readonly LayerEntry[];
    readonly weights: readonly WeightEntry[];
    readonly data: ArrayBuffer;
  } {
    const needed = new Set<string>();
    const waiting = [...outputs];
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      if (needed.has(name)) continue;
      needed.add(name);
      for (const [from] of (this.#layers.get(name)!.inbound_nodes[0] ?? []) as [string][])
        waiting.push(from);
    }
    const layers = [...this.#layers.values()].filter(({ name }) => needed.has(name));
    const weights = layers.flatMap(({ name }) => this.#weights.get(name)!);
    const data = new Float32Array(weights.reduce((sum, { shape }) => sum + product(shape), 0));
    let at = 0;
    for (const { shape, fill } of weights) {
      const size = product(shape);
      fill(data.subarray(at, at + size));
      at += size;
    }
    return {
      layers,
      weights: weights.map(({ name, shape }) => ({ name, shape, dtype: 'float32' })),
      data: data.buffer,
    };
  }
}
