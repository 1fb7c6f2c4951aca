import { describe, expect, it } from 'vitest';
import { traceOf } from '../../core/fixture.ts';
import { advantageOf } from './advantage.ts';
import {
  countsCsv,
  exitInWords,
  figure1Runs,
  matrixPanels,
  shapeSentence,
  sixExits,
} from './figure1.ts';
import { figure2Coverage, figure2Panels, panelCsv } from './figure2.ts';
import { figure3Rows } from './figure3.ts';
import { indexOf, runOf } from './testing.ts';

describe('the six exits of Figure 1', () => {
  it('are the paper’s for ResNet-152', () => {
    expect(sixExits(52)).toEqual([0, 1, 3, 10, 15, 30]);
  });

  it('are six different ones at the nearest relative position elsewhere', () => {
    expect(sixExits(35)).toEqual([0, 1, 2, 7, 10, 20]);
    expect(sixExits(10)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(sixExits(7)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(sixExits(103)).toEqual([0, 2, 6, 20, 30, 60]);
  });

  it('are all there are in a network with fewer', () => {
    expect(sixExits(4)).toEqual([0, 1, 2, 3]);
  });

  it('have names', () => {
    expect([0, 1, 2, 3, 11, 22, 51].map((j) => exitInWords(j, 52))).toEqual([
      'first convolution',
      '1st residual block',
      '2nd residual block',
      '3rd residual block',
      '11th residual block',
      '22nd residual block',
      'the network’s own answer',
    ]);
  });
});

describe('Figure 1', () => {
  it('begins with the paper’s network, then ResNet-18', () => {
    const index = indexOf(
      runOf({ network: 'resnet18-w16-mnist', dataset: 'mnist' }),
      runOf({}),
      runOf({ network: 'resnet152-cifar10' }),
      runOf({ network: 'resnet152-cifar10', method: 'sdn', epochs: 1 }),
    );
    expect(figure1Runs(index).map(({ network }) => network)).toEqual([
      'resnet152-cifar10',
      'resnet18-cifar10',
      'resnet18-w16-mnist',
    ]);
    expect(figure1Runs(null)).toEqual([]);
  });

  it('counts true and predicted classes at each exit, and writes them down', () => {
    const trace = traceOf([
      {
        label: 0,
        exits: [
          [1, 0.4],
          [0, 0.9],
        ],
      },
      {
        label: 0,
        exits: [
          [0, 0.4],
          [0, 0.9],
        ],
      },
      {
        label: 2,
        exits: [
          [0, 0.4],
          [1, 0.9],
        ],
      },
    ]);
    const [first, last] = matrixPanels(trace, [0, 1]);
    expect([...first!.counts]).toEqual([1, 1, 0, 0, 0, 0, 1, 0, 0]);
    expect(first!.accuracy).toBeCloseTo(1 / 3);
    expect(last!.cost).toBe(1);
    const lines = countsCsv([first!], ['a', 'b, too', 'c']).split('\n');
    expect(lines[0]).toBe('exit,true class,predicted class,images');
    expect(lines).toContain('exit0,a,"b, too",1');
    expect(lines).toHaveLength(1 + 9 + 1);
  });

  it('is told in a sentence', () => {
    const sentence = shapeSentence(runOf({}), [0, 1]);
    expect(sentence).toBe(
      'Right by the nearest class mean: 30.0 % at exit0, 36.7 % at exit1. It rises from exit to exit; only the ' +
        'network’s own answer reaches 90.0 %.',
    );
  });
});

describe('Figure 2', () => {
  it('has the paper’s six panels, empty without runs', () => {
    const panels = figure2Panels({ index: null, cards: {}, search: 'paper' });
    expect(panels.map(({ network }) => network)).toEqual([
      'resnet152-cifar10',
      'wideresnet101-2-cifar10',
      'resnet18-cifar10',
      'resnet152-kmnist',
      'wideresnet101-2-kmnist',
      'resnet152-cifar100',
    ]);
    expect(figure2Coverage(panels)).toEqual({ filled: 0, total: 18 });
  });

  it('takes E2CM as it is and the others after one epoch', () => {
    const index = indexOf(
      runOf({}),
      runOf({ method: 'sdn', epochs: 6 }),
      runOf({ method: 'branchynet', epochs: 1, accuracy: [null, 0.5, 0.6, 0.7] }),
    );
    const { series } = figure2Panels({ index, cards: {}, search: 'paper' })[2]!;
    expect(series.map(({ runs }) => runs.length)).toEqual([1, 0, 1]);
    expect(series[2]!.curves[0]!.map(({ cost }) => cost)).toEqual([0.2, 0.25, 0.3]);
    expect(series[0]!.exits).toHaveLength(10);
    // Its cheapest exit costs 0.1: the search found nothing at 0.15.
    expect(series[2]!.numbers[0]!.ours).toEqual({ why: 'not-found', found: 0, runs: 1 });
  });

  it('gives a panel as numbers: policies with their seeds, exits alone, the plain network', () => {
    const index = indexOf(
      runOf({}),
      runOf({ method: 'sdn', epochs: 1, options: { seed: 1 } }),
      runOf({ method: 'sdn', epochs: 1, options: { seed: 2 } }),
    );
    const panel = figure2Panels({ index, cards: {}, search: 'paper' })[2]!;
    const lines = panelCsv(panel).trimEnd().split('\n');
    expect(lines[0]).toBe('method,what,seed,relative FLOPs,accuracy on test');
    const policies = panel.series.flatMap(({ curves }) => curves.flat());
    const exits = panel.series.flatMap((one) => one.exits);
    expect(lines).toHaveLength(1 + policies.length + exits.length + 1);
    const sdn = lines.filter((line) => line.startsWith('SDN,policy,'));
    expect(new Set(sdn.map((line) => line.split(',')[2]))).toEqual(new Set(['1', '2']));
    expect(lines.at(-1)).toBe(`,plain network,,1,${panel.plain}`);
  });
});

describe('the claim of Figure 2', () => {
  const line = (...accuracy: number[]) =>
    accuracy.map((value, n) => ({ cost: 0.2 * (n + 1), accuracy: value }));

  it('cannot be checked without another curve', () => {
    expect(advantageOf([line(0.5, 0.9)], [[], []])).toBeNull();
    expect(advantageOf([], [[line(0.5, 0.9)]])).toBeNull();
  });

  it('is held against the best of the others, in points, in percent and in cost', () => {
    const got = advantageOf([line(0.6, 0.8, 0.9)], [[line(0.3, 0.6, 0.9)], [line(0.4, 0.4, 0.4)]])!;
    // Where the two others cross, at a cost of 4/15: 2/3 against 0.4.
    expect(got.points).toBeCloseTo(26.7, 0);
    expect(got.pointsAt).toBeCloseTo(4 / 15, 1);
    expect(got.percent).toBeCloseTo(66.6, 0);
    expect(got.faster!.value).toBeCloseTo(50, 0);
    expect(got.faster!.accuracy).toBeCloseTo(0.6, 1);
  });

  it('counts the mean of several seeds', () => {
    const got = advantageOf([line(0.5, 0.5), line(0.7, 0.7)], [[line(0.5, 0.5)]])!;
    expect(got.points).toBeCloseTo(10);
  });
});

describe('Figure 3', () => {
  it('is empty until clustering runs are recorded', () => {
    expect(figure3Rows(indexOf(runOf({})), 'paper').every(({ ours }) => ours === null)).toBe(true);
  });
});
