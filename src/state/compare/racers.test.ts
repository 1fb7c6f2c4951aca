import { describe, expect, it } from 'vitest';
import { randomTrace } from '../../core/fixture.ts';
import type { CurvePoint, RecordedRun } from '../../core/run-index.ts';
import type { MethodId } from '../../methods/registry.ts';
import { runOf, indexOf } from '../paper/testing.ts';
import { besideFlops, trainingCost } from './cost.ts';
import {
  firstPair,
  gridCsv,
  gridOf,
  heightOf,
  recordedBudgets,
  recordedRacers,
  whyNoHeight,
  type Member,
  type Racer,
} from './racers.ts';

const member = (curve: readonly CurvePoint[]): Member => ({
  ...recordedRacers(indexOf(runOf({})), course)[0]!.members[0]!,
  curve,
});
const course = {
  dataset: 'cifar-10',
  network: 'resnet18-cifar10',
  epochs: 6,
  variant: { agreement: 'and-confidence' },
  search: 'frontier',
} as const;
const racer = (...curves: (readonly CurvePoint[])[]): Racer => ({
  key: 'sdn recorded',
  method: 'sdn',
  epochs: 6,
  variant: {},
  kind: 'recorded',
  search: 'frontier',
  members: curves.map(member),
});

describe('racers', () => {
  it('are the recorded runs of one course, seeds together', () => {
    const index = indexOf(
      runOf({ method: 'e2cm' }),
      runOf({ method: 'sdn', epochs: 6, options: { seed: 1 } }),
      runOf({ method: 'sdn', epochs: 6, options: { seed: 2 } }),
      runOf({ method: 'sdn', epochs: 1, options: { seed: 1 } }),
      runOf({ method: 'sdn', epochs: 6, options: { seed: 3, unconfident: 'most-confident' } }),
      runOf({ method: 'e2cm', dataset: 'mnist' }),
      runOf({ method: 'unheard-of' }),
    );
    const racers = recordedRacers(index, course);
    expect(racers.map(({ method, epochs, members }) => [method, epochs, members.length])).toEqual([
      ['e2cm', null, 1],
      ['sdn', 6, 2],
    ]);
    expect(racers[1]!.members.map(({ seed }) => seed)).toEqual([1, 2]);
  });

  it('keep rules of agreement apart, and know under which budgets a method is recorded', () => {
    const pair = (agreement: string, epochs: number, seed: number) =>
      runOf({ method: 'e2cm-sdn', epochs, options: { seed, agreement } });
    const index = indexOf(
      pair('and-confidence', 6, 1),
      pair('or', 6, 1),
      pair('or', 6, 2),
      pair('or', 100, 1),
    );
    const racersBy = (agreement: 'or' | 'and-confidence' | 'and-label') =>
      recordedRacers(index, { ...course, variant: { agreement } });
    expect(racersBy('or').map((one) => [one.variant.agreement, one.members.length])).toEqual([
      ['or', 2],
    ]);
    expect(racersBy('and-confidence')[0]!.members).toHaveLength(1);
    expect(racersBy('and-label')).toEqual([]);
    expect(recordedBudgets(index, { ...course, variant: { agreement: 'or' } }, 'e2cm-sdn')).toEqual(
      [6, 100],
    );
    expect(recordedBudgets(index, course, 'sdn')).toEqual([]);
  });

  it('are of runs made in another way, all alike, where there are no others', () => {
    const bwds = (seed: number, options: object) =>
      runOf({ method: 'bwds', epochs: 6, options: { seed, ...options } });
    const coarse = { pooling: 'mixed', tradeOffs: 24 };
    const finer = { pooling: 'mixed', tradeOffs: 192 };
    const usual = { pooling: 'mixed', tradeOffs: 96 };
    const membersOf = (...runs: readonly ReturnType<typeof runOf>[]) =>
      recordedRacers(indexOf(...runs), course)[0]!.members.length;
    expect(membersOf(bwds(1, coarse), bwds(2, coarse), bwds(3, finer))).toBe(2);
    expect(membersOf(bwds(1, coarse), bwds(2, coarse), bwds(3, usual))).toBe(1);
    // What is not said was made otherwise.
    expect(membersOf(bwds(1, {}), bwds(2, {}), bwds(3, finer))).toBe(2);
  });

  it('have the longest run of a network trained from scratch, once the budget is beyond it', () => {
    const index = indexOf(
      ...[1, 12].map((epochs) => runOf({ method: 'branchynet', epochs, options: { seed: 1 } })),
      ...[1, 6].map((epochs) => runOf({ method: 'sdn', epochs, options: { seed: 1 } })),
    );
    const at = (epochs: number) =>
      recordedRacers(index, { ...course, epochs }).map((one) => [one.method, one.epochs]);
    expect(at(100)).toEqual([['branchynet', 12]]);
    expect(at(6)).toEqual([['sdn', 6]]);
    expect(at(1)).toEqual([
      ['sdn', 1],
      ['branchynet', 1],
    ]);
  });

  it('are compared image by image where traces were kept', () => {
    const curveOnly = (method: string) => {
      const run = runOf({ method, epochs: 6, options: { seed: 1 } });
      return { ...run, train: { ...run.train, file: null }, test: { ...run.test, file: null } };
    };
    const keys = (...runs: RecordedRun[]) =>
      firstPair(recordedRacers(indexOf(...runs), course))?.map(({ method }) => method);
    const e2cm = runOf({ method: 'e2cm' });
    const bwds = runOf({ method: 'bwds', epochs: 6, options: { seed: 1 } });
    expect(keys(e2cm, curveOnly('sdn'), bwds)).toEqual(['e2cm', 'bwds']);
    expect(keys(e2cm, curveOnly('sdn'))).toEqual(['e2cm', 'sdn']);
    expect(keys(e2cm)).toBeUndefined();
    const recorded = recordedRacers(indexOf(e2cm, bwds), course);
    const raced = recorded.map((racer) => ({ ...racer, kind: 'live' as const }));
    expect(firstPair([...recorded, ...raced])?.map(({ kind }) => kind)).toEqual(['live', 'live']);
    expect(firstPair([...recorded, raced[0]!])?.map(({ kind }) => kind)).toEqual([
      'recorded',
      'recorded',
    ]);
  });

  it('have thresholds by class where those were searched, of the seeds that have traces', () => {
    const seeds = [1, 2].map((seed) => runOf({ method: 'sdn', epochs: 6, options: { seed } }));
    const index = indexOf(runOf({ method: 'e2cm' }), ...seeds);
    const curve = [{ cost: 0.2, accuracy: 0.7 }];
    const searched = { ...index, byClass: { [seeds[0]!.id]: { results: [], curve } } };
    const [e2cm, sdn] = recordedRacers(searched, { ...course, search: 'class-aware' });
    expect(sdn!.members.map(({ seed }) => seed)).toEqual([1]);
    expect(heightOf(sdn!, 0.2)!.mean).toBe(0.7);
    expect(heightOf(e2cm!, 0.2)).toBeNull();
    expect(whyNoHeight(e2cm!, 0.9)).toBe('not by class');
  });

  it('stand as high as their seeds on average, between the worst and the best', () => {
    const two = racer(
      [
        { cost: 0.1, accuracy: 0.5 },
        { cost: 0.3, accuracy: 0.7 },
      ],
      [
        { cost: 0.2, accuracy: 0.4 },
        { cost: 0.4, accuracy: 0.8 },
      ],
    );
    const height = heightOf(two, 0.3)!;
    expect(height.mean).toBeCloseTo(0.65, 12);
    expect(height.low).toBeCloseTo(0.6, 12);
    expect(height.high).toBeCloseTo(0.7, 12);
    // Out of reach for the second seed.
    expect(heightOf(two, 0.15)).toBeNull();
  });

  it('are drawn on a grid from their cheapest policy to their dearest', () => {
    const one = racer([
      { cost: 0.1, accuracy: 0.5 },
      { cost: 0.3, accuracy: 0.7 },
    ]);
    const rows = gridOf([one]).filter(({ heights }) => heights[one.key]);
    expect(rows[0]!.cost).toBeCloseTo(0.1, 6);
    expect(rows.at(-1)!.cost).toBeCloseTo(0.305, 6);
  });

  it('are a table with three columns each, empty where a cost is out of reach', () => {
    const grid = [
      { cost: 0.1, heights: { 'sdn recorded': null } },
      { cost: 0.2, heights: { 'sdn recorded': { mean: 0.5, low: 0.4, high: 0.6 } } },
    ];
    expect(gridCsv([racer([])], ['SDN, 6 epochs'], grid)).toBe(
      'relative FLOPs,"SDN, 6 epochs: mean","SDN, 6 epochs: least","SDN, 6 epochs: greatest"\n' +
        '0.1,,,\n0.2,0.5,0.4,0.6\n',
    );
  });
});

describe('the cost of fitting', () => {
  /** Two classes and a map of two numbers: 10 FLOPs are distances at the first exit, 20 of the method in all. */
  const trace = {
    exits: [
      { name: 'a', stage: 0, flops: 30, size: 2 },
      { name: 'b', stage: 1, flops: 120, size: 2 },
    ],
    networkFlops: 100,
    classes: ['0', '1'],
    provenance: { commit: 'test', backend: 'test', seed: null, trainImages: 7, options: {} },
  };
  const cost = (id: MethodId, epochs: number | null) => trainingCost(id, trace, epochs);

  it('is two forward passes with distances for class means', () => {
    expect(cost('e2cm', null)).toEqual({ forward: 7 * 220, backward: 0 });
  });

  it('is one forward pass, and the classifiers’ own steps in every epoch', () => {
    expect(cost('sdn', 6)).toEqual({ forward: 7 * (100 + 6 * 20), backward: 7 * 2 * 6 * 20 });
  });

  it('counts the passes that come after the classifiers are trained', () => {
    expect(cost('bwds', 6)).toEqual({ forward: 7 * (220 + 6 * 20), backward: 7 * 2 * 6 * 20 });
    // Means, then features and distances; an epoch has no distances.
    expect(cost('e2cm-sdn', 6)).toEqual({
      forward: 7 * (100 + 110 + 6 * 10),
      backward: 7 * 2 * 6 * 10,
    });
  });

  it('is all of the network in every epoch where that is trained jointly', () => {
    expect(cost('branchynet', 6)).toEqual({
      forward: 7 * 6 * 120,
      backward: 7 * 2 * 6 * 120,
    });
  });

  it('has each pass over the images that it saw', () => {
    const options = { trainedOn: 50 };
    const more = { ...trace, provenance: { ...trace.provenance, options } };
    expect(trainingCost('e2cm-branchynet', more, 6)).toEqual({
      forward: 7 * (100 + 110) + 50 * 6 * 110,
      backward: 50 * 2 * 6 * 110,
    });
  });
});

describe('the costs of an opened trace', () => {
  const counting = (cost?: string) => ({
    ...randomTrace(4, 2),
    provenance: { ...randomTrace(4, 2).provenance, options: cost === undefined ? {} : { cost } },
  });

  it('are FLOPs, or said not to be stated in FLOPs', () => {
    expect(besideFlops(counting())).toBe('');
    expect(besideFlops(counting('MACs'))).toBe(' (costs in MACs)');
    expect(besideFlops(counting('relative'))).toBe(' (relative costs)');
  });

  it('have no place where they are seconds or joules', () => {
    for (const unit of ['ms', 'seconds', 'mJ'])
      expect(() => besideFlops(counting(unit))).toThrow(
        `The trace of fixture on fixture counts in ${unit}, and Compare in FLOPs.`,
      );
  });
});
