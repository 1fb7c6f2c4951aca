/** What E2CM would tell of one image of a made-up trace: distances that come to the confidence of every exit. */
import type { Trace } from '../src/core/trace.ts';
import type { Explanation } from '../src/engine/client/types.ts';

/** Distances at which the softmax of −d̂ gives the trace's confidence to its label and shares the rest evenly. */
export function madeExplanation(trace: Trace, image: number): Explanation {
  const { exits, classes, count } = trace;
  const k = classes.length;
  const cells = exits.length * k;
  const [distance, normalised, probability] = [0, 0, 0].map(() => new Float32Array(cells));
  const prediction = exits.map((_, j) => trace.prediction[j * count + image]!);
  const confidence = exits.map((_, j) => trace.confidence[j * count + image]!);
  exits.forEach((_, j) => {
    for (let c = 0; c < k; c++) {
      const own = c === prediction[j];
      const share = own ? confidence[j]! : (1 - confidence[j]!) / (k - 1);
      probability![j * k + c] = share;
      normalised![j * k + c] = -Math.log(share);
      distance![j * k + c] = 20 * normalised![j * k + c]!;
    }
  });
  const logits = Float32Array.from({ length: k }, (_, c) => (c === trace.label[image] ? 6 : c / k));
  const sum = logits.reduce((all, logit) => all + Math.exp(logit), 0);
  return {
    ...{ exits, classes, logits },
    ...{ distance: distance!, normalised: normalised!, probability: probability! },
    prediction: Uint8Array.from(prediction),
    confidence: Float32Array.from(confidence),
    lines: exits.slice(0, -1).map((_, j) => {
      const at = j * k + prediction[j]!;
      return [
        {
          says: `d̂ = ‖x − c‖ / m = ${distance![at]!.toFixed(2)} / 20.00`,
          value: normalised![at]!,
          of: prediction[j]!,
        },
        { says: 'softmax(−d̂)', value: confidence[j]!, of: prediction[j]! },
      ];
    }),
    softmax: logits.map((logit) => Math.exp(logit) / sum),
  };
}
