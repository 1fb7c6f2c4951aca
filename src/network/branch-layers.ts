/** The layers of BranchyNet's two branches, as in training/branchy.py, written as training/topology.py does. */
import type { WeightEntry } from './files.ts';
import type { LayerEntry } from './topology.ts';

/** Height, width and channels. */
type MapShape = readonly [number, number, number];

const half = (side: number): number => Math.ceil(side / 2);

export class BranchLayers {
  readonly layers: LayerEntry[] = [];
  readonly weights: WeightEntry[] = [];

  constructor(private readonly classes: number) {}

  /**
   * 3×3 stride-2 max-pool, conv 5×5, ReLU, conv 3×3, ReLU, conv 3×3, ReLU, dense; a quarter of the map's channels in the
   * first convolution (8 at least), half of that in the others.
   * @param from the layer that gives the map.
   * @returns the name of the layer that gives the logits.
   */
  convolutional(name: string, from: From, [height, width, channels]: MapShape): string {
    const wide = Math.max(8, Math.floor(channels / 4));
    const thin = Math.floor(wide / 2);
    let x = this.pad(`${name}.pool.pad`, from, 1);
    x = this.add('MaxPooling2D', `${name}.pool`, [x], {
      pool_size: [3, 3],
      strides: [2, 2],
      padding: 'valid',
      data_format: 'channels_last',
    });
    const plan = [
      [channels, wide, 5],
      [wide, thin, 3],
      [thin, thin, 3],
    ] as const;
    plan.forEach(([inputs, filters, side], i) => {
      x = this.conv(`${name}.conv${i + 1}`, x, { inputs, filters, side, stride: 1, bias: true });
      x = this.relu(`${name}.relu${i + 1}`, x);
    });
    return this.logits(name, x, half(height) * half(width) * thin);
  }

  /** A residual block of two 3×3 convolutions that halves the map and keeps its channels, then dense. */
  residual(name: string, from: From, [height, width, channels]: MapShape): string {
    const block = `${name}.block`;
    const sizes = { inputs: channels, filters: channels, bias: false };
    let x = this.pad(`${block}.conv1.pad`, from, 1);
    x = this.conv(`${block}.conv1`, x, { ...sizes, side: 3, stride: 2 });
    x = this.relu(`${block}.relu1`, this.norm(`${block}.bn1`, x, channels));
    x = this.conv(`${block}.conv2`, x, { ...sizes, side: 3, stride: 1 });
    x = this.norm(`${block}.bn2`, x, channels);
    let y = this.conv(`${block}.downsample.conv`, from, { ...sizes, side: 1, stride: 2 });
    y = this.norm(`${block}.downsample.bn`, y, channels);
    x = this.relu(`${block}.relu`, this.add('Add', `${block}.add`, [x, y], {}));
    return this.logits(name, x, half(height) * half(width) * channels);
  }

  private logits(name: string, x: string, inputs: number): string {
    const flat = this.add('Flatten', `${name}.flatten`, [x], { data_format: 'channels_last' });
    this.weight(`${name}.fc/kernel`, [inputs, this.classes]);
    this.weight(`${name}.fc/bias`, [this.classes]);
    const config = { units: this.classes, activation: 'linear', use_bias: true };
    return this.add('Dense', `${name}.fc`, [flat], config);
  }

  /** Padding is explicit wherever a stride is 2: there 'same' pads one side more than the other. */
  private pad(name: string, x: From, by: number): string {
    const padding = [
      [by, by],
      [by, by],
    ];
    return this.add('ZeroPadding2D', name, [x], { padding, data_format: 'channels_last' });
  }

  private conv(
    name: string,
    x: From,
    of: { inputs: number; filters: number; side: number; stride: number; bias: boolean },
  ): string {
    const { inputs, filters, side, stride, bias } = of;
    this.weight(`${name}/kernel`, [side, side, inputs, filters]);
    if (bias) this.weight(`${name}/bias`, [filters]);
    return this.add('Conv2D', name, [x], {
      filters,
      kernel_size: [side, side],
      strides: [stride, stride],
      padding: stride === 1 ? 'same' : 'valid',
      data_format: 'channels_last',
      dilation_rate: [1, 1],
      activation: 'linear',
      use_bias: bias,
    });
  }

  private norm(name: string, x: string, channels: number): string {
    for (const part of ['gamma', 'beta', 'moving_mean', 'moving_variance'])
      this.weight(`${name}/${part}`, [channels]);
    const config = { axis: 3, momentum: 0.9, epsilon: 1e-5, center: true, scale: true };
    return this.add('BatchNormalization', name, [x], config);
  }

  private relu(name: string, x: string): string {
    return this.add('Activation', name, [x], { activation: 'relu' });
  }

  private weight(name: string, shape: readonly number[]): void {
    this.weights.push({ name, shape, dtype: 'float32' });
  }

  private add(
    class_name: string,
    name: string,
    from: readonly From[],
    config: Record<string, unknown>,
  ): string {
    this.layers.push({
      class_name,
      name,
      config: { name, trainable: true, dtype: 'float32', ...config },
      inbound_nodes: [from.map((of) => (typeof of === 'string' ? [of, 0, 0, {}] : [...of, {}]))],
    });
    return name;
  }
}

/** A layer that is called once, or one of a layer's outputs. */
type From = string | readonly [layer: string, call: number, output: number];
