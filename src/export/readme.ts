/** README.txt of an export. */
import { costSource } from '../core/costs.ts';
import { sense } from '../core/policy.ts';
import { relativeCost } from '../core/trace.ts';
import type { Described } from './bundle.ts';

export function readme({
  wanted,
  plan,
  outcome,
  priced,
  check,
  imagesInC,
  says,
}: Described): string {
  const { trace, files, images, shape, commit } = wanted;
  const [height, width, channels] = shape;
  const { leaving, right } = outcome;
  const open = new Set(plan.exits.map(({ exit }) => exit));
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const heads = ['of FLOPs', ...(priced ? [`of ${priced.unit}`.padStart(8)] : [])];
  const source = priced && costSource(priced.trace);
  const rows = trace.exits.map(({ name }, j) => {
    const cost = [trace, ...(priced ? [priced.trace] : [])]
      .map((of, n) => percent(relativeCost(of, j)).padStart(heads[n]!.length))
      .join('  ');
    const share = percent(leaving[j]! / trace.count).padStart(8);
    const sure = leaving[j]! > 0 ? percent(right[j]! / leaving[j]!).padStart(8) : '       –';
    return `  ${String(j).padStart(2)}  ${name.padEnd(14)}${cost}  ${share}  ${sure}  ${open.has(j) ? '' : 'closed'}`.trimEnd();
  });
  const near = check.near.length;
  const lines = [
    says,
    '',
    `An image leaves at the first exit whose confidence ${sense(plan.rule).symbol} its threshold. Closed exits are left out:`,
    'nothing is computed for them, though the FLOPs below count what is paid at every exit, as the trace does.',
    '',
    ...(source ? [`What leaving costs in ${priced.unit}: ${source}.`, ''] : []),
    `  exit              ${heads.join('  ')}   leaving     right`,
    ...rows,
    '',
    'FILES',
    '  model.onnx       the network with its exits inside (ONNX opset 13): image → exit, label, confidence; one image at a time',
    '  staged/          one model an open exit, any number of images: → label, confidence, output for the next one',
    '  thresholds.json  when an image leaves; the page opens it, drivers read it',
    '  card.json        network, data, method, cost of every exit, and what every figure was measured on',
    `  check.json       ${check.images.length} images with exits, labels and confidences`,
    '  offramp.py       python offramp.py     (numpy, onnxruntime)',
    '  offramp.mjs      node offramp.mjs      (onnxruntime-web or onnxruntime-node); works in a page, too',
    '  c/               gcc -Wall -Werror -O2 -o check check.c -lm && ./check check.bin; -DOFFRAMP_INT8: means of a byte',
    '',
    `Images are bytes, ${height} × ${width} × ${channels}, as the data set has them; the models pad and normalise them. Which of`,
    'the files to take: model.onnx where the runtime runs one branch of `If` alone (ONNX Runtime does); staged/ where it',
    'computes both (TensorRT), or to decide batches; c/ on a device that runs the stages itself.',
    '',
    'CHECKS',
    `Each driver decides the images of check.json and says how many agree. ${near} of them ${near === 1 ? 'has' : 'have'} a confidence within 1e-6`,
    'of a threshold: other arithmetic may let those leave elsewhere, and they fail no check.',
    `c/check.bin has the network's outputs for ${imagesInC} of them, those aside, up to the exit where each leaves.`,
    'With OFFRAMP_INT8 class means are rounded: images may leave elsewhere, and the check says how many do.',
    '',
    'DATA',
    `  ${images.title}. Licence: ${images.licence}`,
    ...(images.citation ? [`  ${images.citation}`] : []),
    ...(images.url ? [`  ${images.url}`] : []),
    '  check.json holds images of it, under that licence.',
    `  Network: ${files.card.title}${files.card.architecture ? ` (${files.card.architecture})` : ''}.`,
    '',
    `Made by Offramp, commit ${commit}. The drivers are MIT licensed, as Offramp is.`,
    '',
  ];
  return lines.join('\n');
}
