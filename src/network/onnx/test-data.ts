/**
 * Test data as ONNX's own backend tests and its model zoo have it beside a model: what goes in and what comes out, a
 * TensorProto each (`test_data_set_0/input_0.pb` and `output_0.pb`).
 */
import { constantOf, type Constant } from './constants.ts';
import { parseTensor } from './model.ts';

const INPUT = /^input_(\d+)\.pb$/;
const OUTPUT = /^output_(\d+)\.pb$/;

/**
 * The bytes of a golden.json that says the same; undefined where there is no test data, or of several inputs or outputs:
 * which of those is the network's own, it does not say.
 * @param files by their names, without folders.
 * @throws Error with a sentence when they are no tensors, or not of images and a row of numbers for each.
 */
export function goldenOfTestData(files: ReadonlyMap<string, Uint8Array>): Uint8Array | undefined {
  const named = (pattern: RegExp) => [...files].filter(([name]) => pattern.test(name));
  const [inputs, outputs] = [named(INPUT), named(OUTPUT)];
  if (inputs.length !== 1 || outputs.length !== 1) return undefined;
  const [input, output] = [read(...inputs[0]!), read(...outputs[0]!)];
  const [count, channels, height, width] = input.dims;
  if (!count || !channels || !height || !width || input.dims.length !== 4)
    throw new Error(
      `${inputs[0]![0]} has the shape [${input.dims.join(', ')}]; expected [images, channels, height, width].`,
    );
  const numbers = output.values.length / count;
  if (output.dims[0] !== count || !Number.isInteger(numbers))
    throw new Error(
      `${outputs[0]![0]} has the shape [${output.dims.join(', ')}]; expected a row for each of ${count} images.`,
    );
  const pixels: number[] = [];
  for (let i = 0; i < count; i++)
    for (let at = 0; at < height * width; at++)
      for (let c = 0; c < channels; c++)
        pixels.push(input.values[(i * channels + c) * height * width + at]!);
  const logits = Array.from({ length: count }, (_, i) =>
    Array.from(output.values.slice(i * numbers, (i + 1) * numbers)),
  );
  const golden = { seed: 0, count, shape: [height, width, channels], logits, pixels };
  return new TextEncoder().encode(JSON.stringify(golden));
}

function read(name: string, bytes: Uint8Array): Constant {
  return constantOf(parseTensor(bytes, name), (location) => {
    throw new Error(`${name} keeps its numbers in ${location}; expected them in the file.`);
  });
}
