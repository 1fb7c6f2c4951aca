/**
 * The formulas of one image, of every method: what a line prints follows from the numbers that it prints, and the last
 * one gives the number that is held against T.
 */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { imageAt, type Dataset } from '../core/dataset.ts';
import { decided } from '../core/pairing.ts';
import { createEngine, type Engine } from '../engine/client/engine.ts';
import type { Explanation, Formula } from '../engine/client/types.ts';
import { branchyModel, convModel, testCard } from '../engine/test-network.ts';
import { filesOf, localPort, randomDataset } from '../engine/test-port.ts';
import { freshDec } from '../network/dec.ts';
import type { MethodId } from './registry.ts';

const SIZE = 16;
const K = 3;
const dataset = randomDataset(5, [SIZE, SIZE, 1], K, 200, 40);
const tiny = randomDataset(7, [4, 4, 1], K, 24, 12);

beforeAll(() => tf.setBackend('wasm').then(() => undefined));

const start = () => createEngine({ spawn: () => localPort(), backend: 'wasm', workers: 1 });

async function engineFor(id: MethodId): Promise<Engine> {
  const engine = await start();
  if (id === 'dec') {
    await engine.loadNetwork({ built: freshDec(tiny.shape, tiny.id, tiny.classes, 2) });
  } else if (id.includes('branchynet')) {
    const card = { ...testCard(SIZE, dataset.classes), id: 'small-branchy', plain: 'small' };
    await engine.loadNetwork({ files: await filesOf(branchyModel(SIZE, K), card) });
  } else {
    const stages = [
      ['a', 4, 1],
      ['b', 6, 2],
      ['c', 8, 2],
    ] as const;
    const model = convModel(SIZE, stages, K);
    await engine.loadNetwork({ files: await filesOf(model, testCard(SIZE, dataset.classes)) });
  }
  return engine;
}

/** What stands behind the last sign of equality, computed from the numbers that are printed there; NaN if none are. */
function recomputed(says: string): number {
  const sum = says
    .split(' = ')
    .at(-1)!
    .replaceAll(/ \([^()]* more\)/g, '');
  const numbers = sum.replaceAll('·', '*').replaceAll('^', '**').replaceAll('−', '-');
  const call = /^(min|max)\(([^()]*)\)$/.exec(numbers);
  if (call) return Math[call[1] as 'min' | 'max'](...call[2]!.split(',').map(Number));
  if (!/^[-\d.e+*/() ]+$/.test(numbers)) return NaN;
  return evaluated(numbers);
}

/** Arithmetic of numbers, + − * / ** and brackets, from the inside out. */
function evaluated(text: string): number {
  const inner = /\(([^()]*)\)/.exec(text);
  if (inner) return evaluated(text.replace(inner[0], `${evaluated(inner[1]!)}`));
  const tokens = text.match(/\d[\d.]*(?:e[-+]?\d+)?|\*\*|[-+*/]/g) ?? [];
  let at = 0;
  const next = (...signs: string[]): string | null =>
    signs.includes(tokens[at]!) ? tokens[at++]! : null;
  const signed = (): number => (next('-') ? -signed() : Number(tokens[at++]));
  const power = (): number => {
    const base = signed();
    return next('**') ? base ** power() : base;
  };
  const product = (): number => {
    let value = power();
    for (let sign = next('*', '/'); sign; sign = next('*', '/'))
      value = sign === '*' ? value * power() : value / power();
    return value;
  };
  let sum = product();
  for (let sign = next('+', '-'); sign; sign = next('+', '-'))
    sum += sign === '+' ? product() : -product();
  return sum;
}

const close = (printed: number, value: number): boolean =>
  Math.abs(printed - value) <= 1e-3 * Math.max(1e-2, Math.abs(value)) + 2e-3 * Math.abs(value);

function check(explanation: Explanation): Formula[] {
  const { exits, lines, confidence } = explanation;
  expect(lines).toHaveLength(exits.length - 1);
  lines.forEach((steps, j) => {
    for (const { says, value } of steps) {
      const printed = recomputed(says);
      if (!Number.isNaN(printed)) expect([says, close(printed, value)]).toEqual([says, true]);
    }
    expect(steps.at(-1)!.value).toBeCloseTo(confidence[j]!, 5);
  });
  return lines.flat();
}

const cases: readonly (readonly [MethodId, object, Dataset, readonly RegExp[]])[] = [
  ['e2cm', {}, dataset, [/^d̂ = .* \/ /, /softmax\(−d̂\) = 1 \/ Σ/]],
  ['e2cm', { label: 'raw' }, dataset, [/softmax\(−d̂\) = 1 \/ Σ/]],
  ['sdn', { epochs: 2 }, dataset, [/softmax\(W·x \+ b\)/]],
  ['bwds', { epochs: 2 }, dataset, [/softmax\(W·x \+ b\)/, /^λ/]],
  ['e2cm-sdn', { epochs: 2 }, dataset, [/softmax\(W·x/, /softmax\(−d̂\)/]],
  ['e2cm-sdn', { epochs: 2, agreement: 'by-label' }, dataset, [/held against that T/]],
  ['e2cm-sdn', { epochs: 2, agreement: 'and-label' }, dataset, [/^E2CM names/]],
  ['branchynet', {}, dataset, [/^entropy = .* \+ /]],
  ['e2cm-branchynet', {}, dataset, [/^ln K − entropy/, /softmax\(−d̂\)/]],
  ['e2cm-branchynet', { agreement: 'and-label' }, dataset, [/^E2CM names/]],
  ['dec', { epochs: 1, refineSteps: 2, interval: 2, batch: 36, refineBatch: 36 }, tiny, [/^d̂ = /]],
];

describe('the formulas of one image', () => {
  it.each(cases)('of %s with %j', async (id, options, images, expected) => {
    const engine = await engineFor(id);
    const test = decided((await engine.run(id, images, options)).test);
    const said: string[] = [];
    for (let i = 0; i < 12; i++) {
      const one = await engine.explain(imageAt(images.test, images.shape, i));
      for (let j = 0; j < one.exits.length; j++)
        expect(one.confidence[j]).toBeCloseTo(test.confidence[j * test.count + i]!, 4);
      said.push(...check(one).map(({ says }) => says));
    }
    for (const one of expected) expect(said).toContainEqual(expect.stringMatching(one));
    // Nobody says softmax(−d̂) of a classifier's probability.
    if (id === 'sdn' || id === 'bwds' || id === 'branchynet')
      expect(said.filter((says) => says.includes('d̂'))).toEqual([]);
    engine.dispose();
  });
});
