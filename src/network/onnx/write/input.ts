/** Bytes of an image → what a network is fed, as ONNX nodes: what `preprocess` does, inside the model. */
import type { ImageShape } from '../../../core/dataset.ts';
import type { NetworkCard } from '../../card.ts';
import { GREY } from '../../preprocess.ts';
import type { GraphWriter } from './graph.ts';

/**
 * @param image name of uint8 [N, height, width, channels].
 * @returns name of float [N, channels, size, size], normalised.
 */
export function writePreprocessing(
  graph: GraphWriter,
  image: string,
  [height, width, depth]: ImageShape,
  { size, channels, mean, std, fit = 'pad', order = 'rgb' }: NetworkCard['input'],
): string {
  const numbers = graph.node('Cast', [image], 'pixels', { to: { int: 1 } });
  let x = graph.node('Transpose', [numbers], 'pixels', { perm: { ints: [0, 3, 1, 2] } });
  if (fit === 'resize' && (height !== size || width !== size)) {
    const none = graph.floats('none', new Float32Array(0), [0]);
    const scales = Float32Array.of(1, 1, size / height, size / width);
    const by = graph.floats('scales', scales, [4]);
    x = graph.node('Resize', [x, none, by], 'resized', {
      mode: { text: 'linear' },
      coordinate_transformation_mode: { text: 'half_pixel' },
    });
  } else if (height < size || width < size) {
    const [top, left] = [(size - height) >> 1, (size - width) >> 1];
    const pads = [0, 0, top, left, 0, 0, size - height - top, size - width - left];
    x = graph.node('Pad', [x, graph.ints('pads', pads), graph.float('black', 0)], 'padded');
  }
  if (depth !== channels) {
    const mixed = depth === 1 ? new Float32Array(channels).fill(1) : greyOf(channels, depth);
    x = graph.node('Conv', [x, graph.floats('channels', mixed, [channels, depth, 1, 1])], 'mixed');
  } else if (order === 'bgr') {
    const turned = Array.from({ length: channels }, (_, c) => channels - 1 - c);
    x = graph.node('Gather', [x, graph.ints('bgr', turned)], 'bgr', { axis: { int: 1 } });
  }
  // (x / 255 − mean) / std as one product and one sum.
  const each = (of: (c: number) => number) =>
    Float32Array.from({ length: channels }, (_, c) => of(c));
  const scale = graph.floats(
    'scale',
    each((c) => 1 / (255 * std[c]!)),
    [channels, 1, 1],
  );
  const shift = graph.floats(
    'shift',
    each((c) => -mean[c]! / std[c]!),
    [channels, 1, 1],
  );
  return graph.node('Add', [graph.node('Mul', [x, scale], 'scaled'), shift], 'input');
}

/** Every channel of the result is the image's grey. */
const greyOf = (channels: number, depth: number): Float32Array =>
  Float32Array.from({ length: channels * depth }, (_, at) => GREY[at % depth] ?? 0);
