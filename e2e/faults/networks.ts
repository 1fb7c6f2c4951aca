/** Networks that cannot be opened, a line each: what is wrong, and what the page says of it. */
import { zipSync } from 'fflate';
import { GraphBuilder } from '../../src/network/graph-model/testing.ts';
import {
  attribute,
  graphOf,
  ints,
  modelOf,
  nodeOf,
  tensorOf,
  valueOf,
} from '../../src/network/onnx/testing/write.ts';
import { json, numbers, text, type Content, type Dropped } from './table.ts';

const topology = {
  class_name: 'Sequential',
  config: {
    name: 'm',
    layers: [
      { class_name: 'Dense', config: { name: 'fc', units: 2, batch_input_shape: [null, 4] } },
    ],
  },
};
const manifest = [
  {
    paths: ['w.bin'],
    weights: [
      { name: 'fc/kernel', shape: [4, 2], dtype: 'float32' },
      { name: 'fc/bias', shape: [2], dtype: 'float32' },
    ],
  },
];
const model = json({
  format: 'layers-model',
  modelTopology: { model_config: topology },
  weightsManifest: manifest,
});
const card = {
  ...{ id: 'n', classes: ['a', 'b'] },
  input: { size: 2, channels: 1, mean: [0], std: [1], fit: 'resize' },
};
const withModel = (changes: Readonly<Record<string, Content>>) => ({
  'model.json': model,
  'w.bin': new Uint8Array(40),
  'card.json': json(card),
  ...changes,
});
const onnx = (nodes: Parameters<typeof nodeOf>[], dims = [-1, 1, 4, 4]): Uint8Array =>
  modelOf(
    graphOf(
      nodes.map((node) => nodeOf(...node)),
      [tensorOf('w', [2, 16], Float32Array.from(numbers(32)))],
      [valueOf('image', dims)],
      [valueOf('out', [-1, 2])],
    ),
    13,
  );

/** A network that opens: two classes of grey images of 4 × 4. */
const inputs = [valueOf('image', [-1, 1, 4, 4])];
const weights = tensorOf('w', [2, 16], Float32Array.from(numbers(32)));
const flat = nodeOf('Flatten', ['image'], ['flat']);
const dense = nodeOf('Gemm', ['flat', 'w'], ['out'], [attribute('transB', { int: 1 })]);
interface Parts {
  readonly nodes?: readonly Uint8Array[];
  readonly tensors?: readonly Uint8Array[];
  readonly takes?: readonly Uint8Array[];
  readonly opset?: number;
}
const small = ({ nodes = [flat, dense], tensors = [weights], takes = inputs, opset = 13 }: Parts) =>
  modelOf(graphOf(nodes, tensors, takes, [valueOf('out', [-1, 2])]), opset);
const smallCard = { ...card, input: { ...card.input, size: 4, fit: 'resize' } };
const withCard = (changes: object) => ({
  'net.onnx': small({}),
  'net.card.json': json({ ...smallCard, ...changes }),
});

const keras = (config: unknown, stored?: Uint8Array): Uint8Array =>
  zipSync({
    'config.json': text(json(config)),
    ...(stored && { 'model.weights.h5': stored }),
  });
/** How an HDF5 file begins, and nothing behind it. */
const hdf5Start = Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0);

/** A graph model with one more node. */
function graph(
  add: (builder: GraphBuilder) => string,
  change: (model: Record<string, unknown>) => void = () => undefined,
): Record<string, Content> {
  const builder = new GraphBuilder();
  const dim = [-1, 4, 4, 1].map((size) => ({ size: String(size) }));
  builder.node('Placeholder', 'image', [], {
    ...{ dtype: { type: 'DT_FLOAT' }, shape: { shape: { dim } } },
  });
  const files = builder.files(add(builder));
  const written = JSON.parse(new TextDecoder().decode(files.get('model.json'))) as Record<
    string,
    unknown
  >;
  change(written);
  return { ...Object.fromEntries(files), 'model.json': json(written) };
}

export const NETWORKS: readonly Dropped[] = [
  ['model.json that is no JSON', withModel({ 'model.json': '{"modelTopology":' }), /model\.json/],
  ['model.json that is a list', withModel({ 'model.json': '[]' }), /model\.json/],
  ['a graph model', withModel({ 'model.json': json({ format: 'graph-model' }) }), /graph model/],
  [
    'weights alone',
    withModel({ 'model.json': json({ weightsManifest: manifest }) }),
    /no topology/,
  ],
  ['neither topology nor weights', withModel({ 'model.json': '{}' }), /is not a tfjs layers model/],
  [
    'a group without paths',
    withModel({
      'model.json': json({ modelTopology: { model_config: topology }, weightsManifest: [{}] }),
    }),
    /lacks "paths"/,
  ],
  [
    'a weight of no known type',
    withModel({ 'model.json': model.replace('float32', 'float3') }),
    /float3/,
  ],
  [
    'a shard that is missing',
    { 'model.json': model, 'card.json': json(card) },
    /w\.bin is missing/,
  ],
  ['a shard that is cut off', withModel({ 'w.bin': new Uint8Array(13) }), /hold 13 bytes/],
  ['a shard that is too long', withModel({ 'w.bin': new Uint8Array(41) }), /hold 41 bytes/],
  ['a card that is no JSON', withModel({ 'card.json': 'id: n' }), /card\.json/],
  [
    'a card without classes',
    withModel({ 'card.json': json({ ...card, classes: [] }) }),
    /"classes"/,
  ],
  ['a card without input', withModel({ 'card.json': json({ ...card, input: 3 }) }), /"input"/],
  [
    'a card with a deviation of 0',
    withModel({ 'card.json': json({ ...card, input: { ...card.input, std: [0] } }) }),
    /std above 0/,
  ],
  [
    'a card with two means for one channel',
    withModel({ 'card.json': json({ ...card, input: { ...card.input, mean: [0, 0] } }) }),
    /one a channel/,
  ],
  [
    'a card with half a pixel',
    withModel({ 'card.json': json({ ...card, input: { ...card.input, size: 2.5 } }) }),
    /whole numbers above 0/,
  ],
  [
    'a card with no known way to fit',
    withModel({ 'card.json': json({ ...card, input: { ...card.input, fit: 'crop' } }) }),
    /"pad" or "resize"/,
  ],
  ['an ONNX file of nothing', { 'net.onnx': '' }, /net\.onnx/],
  ['an ONNX file that is a text', { 'net.onnx': 'not a protobuf' }, /net\.onnx/],
  [
    'half an ONNX file',
    { 'net.onnx': onnx([['Flatten', ['image'], ['out']]]).subarray(0, 60) },
    /net\.onnx/,
  ],
  ['an ONNX file of zeros', { 'net.onnx': new Uint8Array(500) }, /net\.onnx/],
  ['an operator that is not known', { 'net.onnx': onnx([['Magic', ['image'], ['out']]]) }, /Magic/],
  [
    'an operator without its input',
    { 'net.onnx': onnx([['Flatten', ['nobody'], ['out']]]) },
    /net\.onnx|nobody/,
  ],
  ['two networks', { 'a.onnx': 'x', 'b.onnx': 'y' }, /give one at a time/],
  [
    'an ONNX file of an old operation set',
    { 'net.onnx': small({ opset: 7 }) },
    /operation set 7; 9 to 23 are read here\. Export it with opset_version=17/,
  ],
  [
    'two inputs',
    { 'net.onnx': small({ takes: [...inputs, valueOf('mask', [-1, 4])] }) },
    /2 inputs \(image, mask\); expected one/,
  ],
  [
    'an input that is a row',
    { 'net.onnx': small({ takes: [valueOf('image', [-1, 16])] }) },
    /has the shape \[\?, 16\]; expected \[batch, channels, height, width\]/,
  ],
  [
    'an input of bytes',
    { 'net.onnx': small({ takes: [valueOf('image', [-1, 1, 4, 4], 2)] }) },
    /does not take floats/,
  ],
  [
    'images that are not square',
    { 'net.onnx': small({ takes: [valueOf('image', [-1, 1, 2, 8])] }) },
    /net\.onnx takes images of 2 × 8 pixels; square ones are fed here/,
  ],
  [
    'a network of int8',
    { 'net.onnx': small({ nodes: [nodeOf('QuantizeLinear', ['image', 'w'], ['out'])] }) },
    /it is of a quantised network; export the network in float32/,
  ],
  ['no weights', { 'net.onnx': small({ tensors: [] }) }, /takes w, which nothing gives/],
  [
    'weights that are cut off',
    { 'net.onnx': small({ tensors: [tensorOf('w', [2, 16], new Float32Array(5))] }) },
    /The tensor w has 20 bytes; its shape \[2, 16\] takes 128/,
  ],
  [
    'weights in a file that did not come',
    {
      'net.onnx': small({
        tensors: [
          tensorOf('w', [2, 16], null, { location: 'net.onnx.data', offset: 0, length: 128 }),
        ],
      }),
    },
    /lie in net\.onnx\.data, which is not among the files\. Give both together/,
  ],
  [
    'weights in a file that is cut off',
    {
      'net.onnx': small({
        tensors: [
          tensorOf('w', [2, 16], null, { location: 'net.onnx.data', offset: 0, length: 128 }),
        ],
      }),
      'net.onnx.data': new Uint8Array(60),
    },
    /which has 60 bytes/,
  ],
  [
    'an operation of somebody’s own',
    { 'net.onnx': small({ nodes: [nodeOf('Fancy', ['image'], ['out'], [], 'com.acme')] }) },
    /of com\.acme; export with ONNX's operations alone/,
  ],
  [
    'a product of two computed tensors',
    {
      'net.onnx': small({
        nodes: [nodeOf('MatMul', ['image', 'image'], ['y']), nodeOf('Flatten', ['y'], ['out'])],
      }),
    },
    /both of its factors are computed from the image/,
  ],
  [
    'images that are mixed with each other',
    {
      'net.onnx': small({
        nodes: [
          nodeOf('Transpose', ['image'], ['y'], [attribute('perm', ints([1, 0, 2, 3]))]),
          nodeOf('Flatten', ['y'], ['out']),
        ],
      }),
    },
    /moves the batch/,
  ],
  [
    'a card of three classes for two outputs',
    withCard({ classes: ['a', 'b', 'c'] }),
    /net\.onnx has an output of 2 numbers; the card lists 3 classes/,
  ],
  [
    'a card of another size',
    withCard({ input: { ...smallCard.input, size: 8 } }),
    /net\.onnx takes images of 4 pixels; the card says 8/,
  ],
  [
    'a card of more channels',
    withCard({ input: { ...smallCard.input, channels: 3, mean: [0, 0, 0], std: [1, 1, 1] } }),
    /net\.onnx takes images of 1 channel; the card says 3/,
  ],
  [
    'a card that keeps an exit which is not there',
    withCard({ exits: ['layer9'] }),
    /The network has no exit “layer9”; it has /,
  ],
  [
    'a card that keeps exits which are numbers',
    withCard({ exits: [1, 2] }),
    /"exits" must list names of exits, or \{"at": NAME, "name": ANOTHER\}/,
  ],
  ['a card of two exits of one name', withCard({ exits: ['a', 'a'] }), /Two exits are called “a”/],
  [
    'a card that renames the last exit',
    withCard({ exits: [{ at: 'classifier', name: 'end' }] }),
    /The last exit is the network itself: it stays, and is called classifier/,
  ],
  ['a .keras file that is no archive', { 'net.keras': 'no zip' }, /net\.keras cannot be unpacked/],
  [
    'a .keras file without its weights',
    { 'net.keras': keras(topology) },
    /net\.keras lacks model\.weights\.h5/,
  ],
  [
    'a .keras file without its layers',
    { 'net.keras': zipSync({ 'metadata.json': text('{}') }) },
    /net\.keras lacks config\.json/,
  ],
  [
    'a .keras file of a damaged configuration',
    { 'net.keras': keras('x', hdf5Start) },
    /The configuration in net\.keras is damaged/,
  ],
  [
    'a .keras file of a model of a class of its own',
    { 'net.keras': keras({ class_name: 'MyModel', config: {} }, hdf5Start) },
    /a class of its own \(MyModel\), whose layers are not listed.*tf2onnx/,
  ],
  [
    'a .keras file whose weights are cut off',
    { 'net.keras': keras(topology, hdf5Start) },
    /model\.weights\.h5 in net\.keras cannot be read as HDF5/,
  ],
  ['an .h5 file that is a text', { 'net.h5': 'no HDF5' }, /net\.h5 cannot be read as HDF5/],
  [
    'an .h5 file that is cut off',
    { 'net.h5': hdf5Start },
    /net\.h5 cannot be read as HDF5 .*tensorflowjs_converter --input_format=keras net\.h5 net\//,
  ],
  [
    'a graph model without nodes',
    withModel({ 'model.json': json({ format: 'graph-model', modelTopology: { node: [] } }) }),
    /a graph model whose "modelTopology" lists no nodes/,
  ],
  [
    'a graph model of an operation that is not known',
    graph((builder) => builder.node('ResizeBilinear', 'up', ['image'])),
    /The node up \(ResizeBilinear\) cannot be converted: the operation is not known here.*tf2onnx/,
  ],
  [
    'a graph model that gives a class',
    graph((builder) => builder.node('ArgMax', 'top', ['image'])),
    /it gives the class itself; export the network with its logits/,
  ],
  [
    'a graph model of a node that is missing',
    graph((builder) => builder.node('Relu', 'end', ['nowhere'])),
    /The node nowhere, which end takes, is not in model\.json/,
  ],
  [
    'a graph model of a loop',
    graph((builder) => builder.node('Relu', 'one', [builder.node('Relu', 'two', ['one'])])),
    /depends on itself: loops are not read here/,
  ],
  [
    'a graph model without its weights',
    graph((builder) => {
      builder.node('Const', 'lost', []);
      return builder.node('AddV2', 'end', ['image', 'lost']);
    }),
    /The weights of the node lost are not in weightsManifest/,
  ],
  [
    'a graph model whose weights are cut off',
    {
      ...graph((builder) => builder.node('AddV2', 'end', ['image', builder.random('b', [4], 1)])),
      'group1-shard1of1.bin': new Uint8Array(7),
    },
    /hold 7 bytes; model\.json accounts for 16/,
  ],
  [
    'a network of a kind that is not read',
    { 'net.tflite': Uint8Array.of(28, 0, 0, 0) },
    /net\.tflite is a network of a kind that is not read here\. Read are ONNX/,
  ],
  [
    'an archive of a broken network',
    { 'converted.zip': zipSync({ 'net/model.json': text('{}'), 'net/w.bin': text('w') }) },
    /model\.json is not a tfjs layers model/,
  ],
  // What only shows when it is loaded.
  [
    'a golden.json of other outputs',
    {
      ...withCard({}),
      'net.golden.json': json({ seed: 1, count: 1, shape: [4, 4, 1], logits: [[50, 70]] }),
    },
    /n does not give the outputs that golden\.json states: number 1 of image 1 is .*, expected 50/,
  ],
  [
    'a golden.json of other images',
    {
      ...withCard({}),
      'net.golden.json': json({ seed: 1, count: 1, shape: [8, 8, 1], logits: [[1, 2]] }),
    },
    /golden\.json states outputs for images of 8 × 8 × 1; n.* takes 4 × 4 × 1/,
  ],
  [
    'a golden.json that is a list',
    { ...withCard({}), 'net.golden.json': '[]' },
    /golden\.json: "seed" must be a whole number/,
  ],
  [
    'layers of somebody’s own',
    withModel({
      'model.json': model.replace('Dense', 'MyDense'),
    }),
    /The layer fc of n.* is of the class MyDense, which is not known here/,
  ],
  [
    'weights of other layers',
    withModel({ 'model.json': model.replaceAll('fc/', 'other/') }),
    /n.* cannot be made of its layers and weights: .*other\/kernel/,
  ],
];
