/** The numbers of a plan as C: what drivers/offramp.h decides by. */
import type { CutNetwork } from '../network/cut.ts';
import type { WrittenJudge, Means } from '../methods/contract/written.ts';
import { inverse } from './decide.ts';
import type { Plan, PlannedExit } from './plan.ts';

/** Height, width and channels of the network's output at an exit; a row has height and width 1. */
function mapAt(network: CutNetwork, { stage }: Pick<PlannedExit, 'stage'>): readonly number[] {
  const { shape } = network.stages[stage]!;
  const isLast = stage === network.stages.length - 1;
  if (isLast && network.order) return [1, 1, network.order.length];
  return shape.length === 3 ? shape : [1, 1, shape.reduce((all, side) => all * side, 1)];
}

const RULES = { above: 'OFFRAMP_ABOVE', 'at-least': 'OFFRAMP_AT_LEAST', below: 'OFFRAMP_BELOW' };
const AGREES = {
  and: 'OFFRAMP_AND',
  or: 'OFFRAMP_OR',
  label: 'OFFRAMP_LABEL',
  'by-label': 'OFFRAMP_BY_LABEL',
};
const SURENESS = {
  softmax: 'OFFRAMP_SOFTMAX',
  entropy: 'OFFRAMP_ENTROPY',
  certainty: 'OFFRAMP_CERTAINTY',
  'trade-off': 'OFFRAMP_TRADE_OFF',
};

/** Numbers of a line of C. */
const A_LINE = 12;

/** Declarations of arrays, each written once. */
class Arrays {
  readonly lines: string[] = [];
  readonly #known = new Map<object, string>();

  /** @param of what tells whether it is written already. */
  add(type: string, name: string, values: ArrayLike<number>, of: object = values): string {
    const known = this.#known.get(of);
    if (known) return known;
    this.#known.set(of, name);
    const isBytes = values instanceof Int8Array;
    const write = isBytes ? String : type === 'double' ? doubleText : floatText;
    this.lines.push(`static const ${type} ${name}[] = {`);
    for (let at = 0; at < values.length; at += A_LINE) {
      let line = '';
      for (let i = at; i < Math.min(values.length, at + A_LINE); i++)
        line += `${write(values[i]!)},`;
      this.lines.push(line);
    }
    this.lines.push('};');
    return name;
  }
}

/** The shortest decimals from which a float32 is read again. */
function floatText(value: number): string {
  if (value === Infinity) return 'INFINITY';
  if (value === -Infinity) return '-INFINITY';
  const text = String(Number(value.toPrecision(9)));
  return `${/[.e]/.test(text) ? text : `${text}.`}f`;
}

const doubleText = (value: number): string =>
  Number.isInteger(value) ? `${value}.` : String(value);

/** Class means a byte each: the greatest of a class becomes ±127. */
function inBytes({ means, counts }: Pick<Means, 'means' | 'counts'>) {
  const size = means.length / counts.length;
  const scales = Float32Array.from(counts, (_, c) => {
    const most = means
      .subarray(c * size, (c + 1) * size)
      .reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    return most > 0 ? most / 127 : 1;
  });
  const bytes = Int8Array.from(means, (value, at) =>
    Math.round(value / scales[Math.floor(at / size)]!),
  );
  return { bytes, scales };
}

/** Three files of C. */
export function headerFiles(
  plan: Plan,
  network: CutNetwork,
  says: string,
): Record<'offramp_data.h' | 'offramp_float.h' | 'offramp_int8.h', string> {
  const shared = new Arrays();
  const exact = new Arrays();
  const small = new Arrays();
  const rows = plan.exits.map((exit, e) => {
    const judges = exit.judges.map((judge, j) =>
      judgeText(judge, `${e}_${j}`, { shared, exact, small }),
    );
    const thresholds = exit.thresholds.map((of, j) =>
      shared.add('float', `offramp_thresholds_${e}_${j}`, of),
    );
    const [height, width, channels] = mapAt(network, exit) as [number, number, number];
    const agree = exit.agree ? AGREES[exit.agree] : 'OFFRAMP_ALONE';
    const name = JSON.stringify(exit.name);
    const per = exit.thresholds[0]?.length ?? 1;
    return (
      `  {${exit.exit}, ${name}, ${height}, ${width}, ${channels}, ${judges.length}, ${agree}, ${per},\n` +
      `   {${judges.join(',\n    ')}},\n   {${thresholds.join(', ') || 'NULL'}}},`
    );
  });
  const tradeOffs = plan.exits.flatMap(({ judges }) =>
    judges.map((judge) =>
      judge.kind === 'logits' && judge.sureness.kind === 'trade-off'
        ? judge.sureness.lambdas.length
        : 1,
    ),
  );
  const data = [
    `/* ${says.replaceAll('*/', '* /')} */`,
    `#define OFFRAMP_CLASSES ${plan.classes.length}`,
    `#define OFFRAMP_EXITS ${plan.exits.length} /* that are open, the last one included; of ${plan.all.length} */`,
    `#define OFFRAMP_RULE ${RULES[plan.rule]}`,
    `#define OFFRAMP_SUREST ${plan.takesSurest ? 1 : 0} /* 1: at the last exit the surest label of all counts */`,
    `#define OFFRAMP_TRADE_OFFS ${Math.max(...tradeOffs)}`,
    '#ifdef OFFRAMP_INT8',
    '#include "offramp_int8.h"',
    '#else',
    '#include "offramp_float.h"',
    '#endif',
    ...shared.lines,
    `static const char *const offramp_classes[] = {${plan.classes.map((name) => JSON.stringify(name)).join(', ')}};`,
    'static const offramp_exit offramp_exits[] = {',
    ...rows,
    '};',
    '',
  ];
  const means = (of: string, lines: readonly string[]) =>
    [`/* Class means ${of}; included by offramp_data.h. */`, ...lines, ''].join('\n');
  return {
    'offramp_data.h': data.join('\n'),
    'offramp_float.h': means('as they are', exact.lines),
    'offramp_int8.h': means('a byte each, with a scale a class', small.lines),
  };
}

function judgeText(
  judge: WrittenJudge,
  at: string,
  { shared, exact, small }: Record<'shared' | 'exact' | 'small', Arrays>,
): string {
  const linear = judge.kind === 'logits' && judge.logits.from === 'linear' ? judge.logits : null;
  const means: Means | null = judge.kind === 'means' ? judge : (linear?.near ?? null);
  const near = linear?.near ?? null;
  const fields: string[] = [];
  const kind = judge.kind === 'means' ? 'MEANS' : linear ? 'LINEAR' : 'LOGITS';
  const sureness = judge.kind === 'means' ? 'OFFRAMP_SOFTMAX' : SURENESS[judge.sureness.kind];
  fields.push(`OFFRAMP_${kind}`, sureness);
  if (means) {
    const { bytes, scales } = inBytes(means);
    const key = means.means;
    const name = exact.add('offramp_mean', `offramp_means_${at}`, means.means, key);
    small.add('offramp_mean', `offramp_means_${at}`, bytes, key);
    const ones = new Float32Array(scales.length).fill(1);
    const scaleName = exact.add('float', `offramp_scales_${at}`, ones, keyOf(key));
    small.add('float', `offramp_scales_${at}`, scales, keyOf(key));
    const factors = Float32Array.from(means.normaliser, (mean, c) => {
      if (means.counts[c] === 0) return -1;
      return near ? (mean > 0 ? 1 / mean : 0) : inverse(mean);
    });
    fields.push(name, scaleName, shared.add('float', `offramp_inverse_${at}`, factors));
  } else fields.push('NULL', 'NULL', 'NULL');
  fields.push(judge.kind === 'means' && judge.label === 'raw' ? '1' : '0');
  if (linear) {
    fields.push(shared.add('float', `offramp_weights_${at}`, linear.weights));
    fields.push(shared.add('float', `offramp_bias_${at}`, linear.bias));
    fields.push(near ? shared.add('float', `offramp_near_${at}`, near.weights) : 'NULL');
    const [height, width] = linear.map;
    const [high, wide] =
      linear.pool === 'none' ? [0, 0] : linear.pool === 'average' ? [height, width] : linear.pool;
    fields.push(`${high}`, `${wide}`, floatText(linear.pool === 'average' ? 0 : linear.alpha));
  } else fields.push('NULL', 'NULL', 'NULL', '0', '0', '0.f');
  if (judge.kind === 'logits' && judge.sureness.kind === 'trade-off') {
    const { lambdas, decisions } = judge.sureness;
    fields.push(`${lambdas.length}`);
    fields.push(shared.add('double', `offramp_lambdas_${at}`, lambdas));
    fields.push(shared.add('double', `offramp_decisions_${at}`, decisions));
  } else fields.push('0', 'NULL', 'NULL');
  return `{${fields.join(', ')}}`;
}

const keys = new WeakMap<Float32Array, object>();

/** A second key that goes with an array. */
function keyOf(array: Float32Array): object {
  const known = keys.get(array) ?? {};
  keys.set(array, known);
  return known;
}
