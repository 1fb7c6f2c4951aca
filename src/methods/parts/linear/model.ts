/**
 * A linear classifier with its gradients and Adam's moments, on one block of memory: softmax cross-entropy on α·max +
 * (1 − α)·avg of two pooled maps, or on features as they are. Gradients by hand: with logits z, probabilities p and
 * δ = (p − onehot) / B, they are xᵀδ for the weights, Σδ for the bias, and Σ_b δ_b·((max − avg)_b W) for α.
 */
import { arithmeticOn } from './allocate.ts';
import { BETA1, BETA2, EPSILON, type AdamAddresses, type Arithmetic } from './arithmetic.ts';
import { inputsOf, layoutOf, type LinearShape, type LinearWeights } from './settings.ts';

/** What a batch gave before its step. */
export interface BatchResult {
  /** Sum of the cross-entropies, in nats. */
  readonly loss: number;
  /** Images that were labelled right. */
  readonly right: number;
}

export class LinearModel {
  private readonly arithmetic: Arithmetic;
  private readonly float: Float32Array;
  private readonly half: Uint16Array;
  private readonly layout: ReturnType<typeof layoutOf>;
  /** Addresses in bytes. */
  private readonly at: {
    /** Inputs of a batch, the differences max − avg of its mixed part, and class values of both. */
    x: number;
    difference: number;
    z: number;
    zDifference: number;
    features: number;
  };
  private readonly adam: AdamAddresses;
  /** Bias and α, last: value, moments and gradient of each. */
  private readonly small: Record<'w' | 'm' | 'v' | 'g', Float64Array>;
  private steps = 0;

  /**
   * @param rows of features that are kept.
   * @param batch most images a step.
   * @throws RangeError when there is not so much memory.
   */
  constructor(
    private readonly shape: LinearShape,
    rows: number,
    batch: number,
    start: LinearWeights,
    prefer?: 'simd' | 'plain',
  ) {
    const layout = (this.layout = layoutOf(shape));
    const room = Math.ceil(batch / 4) * 4;
    let end = 0;
    const take = (bytes: number): number =>
      (end += Math.ceil(bytes / 16) * 16) - Math.ceil(bytes / 16) * 16;
    const table = 4 * layout.inputs * layout.classes;
    this.adam = { w: take(table), m: take(table), v: take(table), g: take(table) };
    this.at = {
      x: take(4 * room * layout.inputs),
      difference: take(4 * room * layout.mixed),
      z: take(4 * room * layout.classes),
      zDifference: take(4 * room * layout.classes),
      features: take(2 * rows * layout.row),
    };
    this.arithmetic = arithmeticOn(end, prefer);
    this.float = new Float32Array(this.arithmetic.memory);
    this.half = new Uint16Array(this.arithmetic.memory);
    const zeros = () => new Float64Array(shape.classes + 1);
    this.small = { w: zeros(), m: zeros(), v: zeros(), g: zeros() };
    this.set(start);
  }

  /** Where row `row` of the kept features holds its numbers: halves, padded to four in each part. */
  private rowAt(row: number): number {
    return this.at.features / 2 + row * this.layout.row;
  }

  /** Keeps features of a row: `values` belong from number `column` of the unpadded row on. */
  keep(row: number, column: number, values: Uint16Array): void {
    const { mixed } = this.shape;
    const at = this.rowAt(row);
    const parts = [mixed, mixed, this.shape.plain];
    let from = 0;
    parts.forEach((length, part) => {
      const first = Math.max(column, from);
      const last = Math.min(column + values.length, from + length);
      if (first < last)
        this.half.set(
          values.subarray(first - column, last - column),
          at + part * this.layout.mixed + first - from,
        );
      from += length;
    });
  }

  /** One Adam step on the mean cross-entropy of some rows. */
  step(rows: Uint32Array, labels: Uint8Array, rate: number): BatchResult {
    const result = this.gradients(rows, labels);
    const t = ++this.steps;
    const stepRate = rate / (1 - BETA1 ** t);
    const scale = 1 / Math.sqrt(1 - BETA2 ** t);
    const { inputs, classes } = this.layout;
    this.arithmetic.adam(this.adam, inputs * classes, stepRate, scale);
    const { w, m, v, g } = this.small;
    for (let i = 0; i < w.length; i++) {
      m[i] = BETA1 * m[i]! + (1 - BETA1) * g[i]!;
      v[i] = BETA2 * v[i]! + (1 - BETA2) * g[i]! ** 2;
      w[i]! -= (stepRate * m[i]!) / (Math.sqrt(v[i]!) * scale + EPSILON);
    }
    return result;
  }

  /** The weights as they are; copies. */
  get(): LinearWeights {
    const { classes } = this.shape;
    return {
      weights: this.table(this.adam.w),
      bias: Float32Array.from(this.small.w.subarray(0, classes)),
      alpha: this.small.w[classes]!,
    };
  }

  /** Gradients of one batch, and its loss, without a step: for tests. */
  gradientOf(rows: Uint32Array, labels: Uint8Array): LinearWeights & BatchResult {
    const result = this.gradients(rows, labels);
    const { classes } = this.shape;
    const weights = this.table(this.adam.g);
    this.float.fill(0, this.adam.g / 4, this.adam.g / 4 + this.layout.inputs * this.layout.classes);
    return {
      ...result,
      weights,
      bias: Float32Array.from(this.small.g.subarray(0, classes)),
      alpha: this.small.g[classes]!,
    };
  }

  private gradients(rows: Uint32Array, labels: Uint8Array): BatchResult {
    const { layout, at, adam, arithmetic } = this;
    this.gather(rows);
    const count = Math.ceil(rows.length / 4) * 4;
    const zStride = 4 * layout.classes;
    const xBlock = { xStride: 4 * layout.inputs, zStride, count: layout.inputs };
    const differences = { xStride: 4 * layout.mixed, zStride, count: layout.mixed };
    for (let row = 0; row < count; row += 4)
      for (let k = 0; k < layout.classes; k += 12) {
        const groups = Math.min(3, (layout.classes - k) / 4);
        const x = at.x + row * xBlock.xStride;
        const z = at.z + row * zStride + 4 * k;
        arithmetic.forward(groups, { ...xBlock, x, z }, adam.w + 4 * k, zStride);
        if (layout.mixed === 0) continue;
        const d = at.difference + row * differences.xStride;
        const zd = at.zDifference + row * zStride + 4 * k;
        arithmetic.forward(groups, { ...differences, x: d, z: zd }, adam.w + 4 * k, zStride);
      }
    const result = this.crossEntropy(rows.length, count, labels);
    for (let row = 0; row < count; row += 4)
      for (let k = 0; k < layout.classes; k += 12) {
        const groups = Math.min(3, (layout.classes - k) / 4);
        const block = { x: at.x + row * xBlock.xStride, z: at.z + row * zStride + 4 * k };
        arithmetic.backward(groups, { ...xBlock, ...block }, adam.g + 4 * k, zStride);
      }
    return result;
  }

  /** The batch's inputs as floats; rows up to a multiple of four are whatever was there. */
  private gather(rows: Uint32Array): void {
    const { layout, at, arithmetic } = this;
    const alpha = this.small.w[this.shape.classes]!;
    for (let b = 0; b < rows.length; b++) {
      const from = 2 * this.rowAt(rows[b]!);
      const x = at.x + 4 * b * layout.inputs;
      if (layout.mixed > 0) {
        const difference = at.difference + 4 * b * layout.mixed;
        arithmetic.mix(from, from + 2 * layout.mixed, x, difference, layout.mixed, alpha);
      }
      const plain = layout.inputs - layout.mixed;
      if (plain > 0) arithmetic.expand(from + 4 * layout.mixed, x + 4 * layout.mixed, plain);
    }
  }

  /** Turns the logits into δ in place, and fills the gradients of bias and α. */
  private crossEntropy(images: number, padded: number, labels: Uint8Array): BatchResult {
    const { float, layout, at } = this;
    const { classes: k } = this.shape;
    const { w, g } = this.small;
    g.fill(0);
    let loss = 0;
    let right = 0;
    for (let b = 0; b < images; b++) {
      const z = at.z / 4 + b * layout.classes;
      const zd = at.zDifference / 4 + b * layout.classes;
      const label = labels[b]!;
      let best = 0;
      for (let c = 0; c < k; c++) {
        float[z + c]! += w[c]!;
        if (float[z + c]! > float[z + best]!) best = c;
      }
      const top = float[z + best]!;
      const own = float[z + label]!;
      let sum = 0;
      for (let c = 0; c < k; c++) sum += float[z + c] = Math.exp(float[z + c]! - top);
      loss += Math.log(sum) - (own - top);
      if (best === label) right++;
      for (let c = 0; c < layout.classes; c++) {
        const delta = c < k ? (float[z + c]! / sum - (c === label ? 1 : 0)) / images : 0;
        float[z + c] = delta;
        if (c >= k) continue;
        g[c]! += delta;
        if (layout.mixed > 0) g[k]! += delta * float[zd + c]!;
      }
    }
    float.fill(0, at.z / 4 + images * layout.classes, at.z / 4 + padded * layout.classes);
    return { loss, right };
  }

  private set({ weights, bias, alpha }: LinearWeights): void {
    const { classes } = this.shape;
    const { w } = this.small;
    w.set(bias);
    w[classes] = alpha;
    this.eachInput((d, at) =>
      this.float.set(weights.subarray(d * classes, (d + 1) * classes), this.adam.w / 4 + at),
    );
  }

  /** A table [inputs, K] without its padding. */
  private table(address: number): Float32Array {
    const { classes } = this.shape;
    const out = new Float32Array(inputsOf(this.shape) * classes);
    this.eachInput((d, at) => {
      const from = address / 4 + at;
      out.set(this.float.subarray(from, from + classes), d * classes);
    });
    return out;
  }

  /** Every input with the place of its weights in a padded table. */
  private eachInput(visit: (input: number, at: number) => void): void {
    const { mixed } = this.shape;
    for (let d = 0; d < inputsOf(this.shape); d++)
      visit(d, (d < mixed ? d : d - mixed + this.layout.mixed) * this.layout.classes);
  }
}
