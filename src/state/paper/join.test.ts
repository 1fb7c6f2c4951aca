import { missingWords } from './measure.ts';
import { describe, expect, it } from 'vitest';
import { runsFor } from './find.ts';
import { bestPrinted, joinTable, type JoinedTable, type Row } from './join.ts';
import { PAPER_BUDGETS, TABLE_1, TABLE_2 } from './numbers.ts';
import { otherPairs } from './pairs.ts';
import { cardOf, indexOf, runOf, type RunWish } from './testing.ts';

const deep = { network: 'resnet152-cifar10' } as const;
const recorded = (...runs: RunWish[]) => ({
  index: indexOf(...runs.map(runOf)),
  cards: {},
  search: 'paper' as const,
});
const row = (table: JoinedTable, block: number, method: string): Row =>
  table.blocks[block]!.rows.find((candidate) => candidate.method === method)!;

describe('the paper’s tables', () => {
  it('hold five and four blocks of four methods at four costs, and cannot be changed', () => {
    expect([TABLE_1, TABLE_2].map(({ blocks }) => blocks.length)).toEqual([5, 4]);
    for (const block of [...TABLE_1.blocks, ...TABLE_2.blocks]) {
      expect(block.rows.map(({ method }) => method)).toEqual([
        'E2CM+SDN',
        'SDN',
        'BWDS',
        'BranchyNet',
      ]);
      for (const { accuracy } of block.rows) {
        expect(accuracy).toHaveLength(PAPER_BUDGETS.length);
        expect([...accuracy].sort((a, b) => a - b)).toEqual(accuracy);
      }
    }
    expect(() => ((TABLE_1.blocks[0]!.rows[0]!.accuracy as unknown as number[])[0] = 99)).toThrow();
  });

  it('state the erratum: the second block of Table 1 is KMNIST, and no other is doubted', () => {
    const doubted = TABLE_1.blocks.filter(({ erratum }) => erratum !== null);
    expect(doubted.map(({ id }) => id)).toEqual(['resnet152-kmnist']);
    expect(doubted[0]!.erratum).toContain('Printed as “ResNet-152 CIFAR-10”');
    expect(new Set(TABLE_1.blocks.map(({ id }) => id)).size).toBe(5);
  });

  it('know the ceiling of a network', () => {
    expect(bestPrinted('resnet152', 'cifar-10')).toBe(88.8);
    expect(bestPrinted('resnet152', 'cifar-100')).toBe(54);
    expect(bestPrinted('resnet18', 'cifar-10')).toBeNull();
  });
});

describe('a table beside ours', () => {
  it('has our network of Figure 2 after the paper’s blocks, which counts for none of its cells', () => {
    const got = recorded({ method: 'sdn', epochs: 6, options: { seed: 2 } });
    const table = joinTable(TABLE_1, got);
    const ours = table.blocks.at(-1)!;
    expect([ours.title, table.filled, table.total]).toEqual(['ResNet-18 · CIFAR-10', 0, 80]);
    const sdn = ours.rows.find(({ method }) => method === 'SDN')!;
    expect(sdn.inPaper).toBe(false);
    expect(sdn.cells[1]).toMatchObject({ paper: null, ours: { accuracy: 60 }, difference: null });
    expect(ours.conditions.find(({ what }) => what === 'seed')!.ours).toBe('2');
    const branchy = ours.rows.find(({ method }) => method === 'BranchyNet')!;
    expect(branchy.need!.commands).toHaveLength(3);
    expect(branchy.need!.commands[0]).toContain('--branches --epochs 6');
    expect(branchy.need!.commands[1]).toContain('--plain resnet18-cifar10');
    // Of a network whose weights do not come with the page, they have to be made.
    const deep = joinTable(TABLE_1, recorded({ network: 'resnet152-cifar10' })).blocks[0]!;
    expect(deep.rows.find(({ method }) => method === 'SDN')!.need!.commands.at(-1)).toContain(
      '--network training/weights/resnet152-cifar10 --method sdn --budget 6',
    );
  });

  it('is empty without runs, and says what it takes', () => {
    const table = joinTable(TABLE_1, { index: null, cards: {}, search: 'paper' });
    expect([table.filled, table.total]).toEqual([0, 80]);
    const sdn = row(table, 0, 'SDN');
    expect(sdn.cells.every(({ ours, difference }) => ours === null && difference === null)).toBe(
      true,
    );
    expect(sdn.cells[0]!.paper).toBe(66);
    expect(sdn.need!.sentence).toMatch(/^not recorded yet/);
    expect(table.blocks[0]!.rows.some(({ method }) => method === 'E2CM')).toBe(false);
  });

  it('takes six epochs for Table 1 and the most recorded above six for Table 2', () => {
    const runs = [1, 6, 30, 100].map((epochs) => ({
      ...deep,
      method: 'sdn',
      epochs,
      accuracy: [epochs / 1000, 0.6, 0.7, 0.8],
    }));
    const got = recorded(...runs);
    expect(row(joinTable(TABLE_1, got), 0, 'SDN').cells[0]!.ours!.accuracy).toBeCloseTo(0.6);
    const second = joinTable(TABLE_2, got);
    expect(row(second, 0, 'SDN').cells[0]!.ours!.accuracy).toBeCloseTo(10);
    expect(second.blocks[0]!.conditions).toEqual([]);
    const shorter = joinTable(TABLE_2, recorded(...runs.slice(0, 3)));
    expect(shorter.blocks[0]!.conditions).toContainEqual({
      what: 'method trained',
      paper: '100 epochs',
      ours: '30 epochs',
    });
    expect(row(joinTable(TABLE_2, recorded(...runs.slice(0, 2))), 0, 'SDN').runs).toEqual([]);
  });

  it('gives the difference in points, by the search that was asked for', () => {
    const got = recorded({
      ...deep,
      method: 'bwds',
      epochs: 6,
      accuracy: [0.75, 0.82, 0.85, 0.86],
      frontier: [0.76, 0.83, 0.86, 0.87],
    });
    const paper = row(joinTable(TABLE_1, got), 0, 'BWDS');
    expect(paper.cells.map(({ difference }) => Math.round(10 * difference!))).toEqual([
      -20, 0, 10, 0,
    ]);
    const frontier = row(joinTable(TABLE_1, { ...got, search: 'frontier' }), 0, 'BWDS');
    expect(frontier.cells[0]!.ours!.accuracy).toBeCloseTo(76);
    expect(joinTable(TABLE_1, got).filled).toBe(4);
  });

  it('puts several seeds into one mean with its spread, and other options aside', () => {
    const run = { ...deep, method: 'sdn', epochs: 6 };
    const got = recorded(
      { ...run, accuracy: [0.6, 0.7, 0.8, 0.8], options: { seed: 1 } },
      { ...run, accuracy: [0.64, 0.7, 0.8, 0.8], options: { seed: 2 } },
      { ...run, accuracy: [0.62, 0.7, 0.8, 0.8], options: { seed: 3 } },
      { ...run, accuracy: [0.1, 0.1, 0.1, 0.1], options: { seed: 3, rule: 'or' } },
    );
    const sdn = row(joinTable(TABLE_1, got), 0, 'SDN');
    expect(sdn.cells[0]!.ours!.accuracy).toBeCloseTo(62);
    expect(sdn.cells[0]!.ours!.spread).toBeCloseTo(2);
    expect(sdn.cells[0]!.ours!.runs).toBe(3);
    expect(sdn.others).toBe(1);
    const { conditions } = joinTable(TABLE_1, got).blocks[0]!;
    expect(conditions.find(({ what }) => what === 'seeds')!.ours).toBe('1, 2, 3, their mean');
  });

  it('names what BWDS’s classifiers see, which the paper leaves open', () => {
    const run = { ...deep, method: 'bwds', epochs: 6, accuracy: [0.6, 0.7, 0.8, 0.8] };
    const seen = (options: object) =>
      joinTable(
        TABLE_1,
        recorded({ ...run, options: { seed: 1, ...options } }),
      ).blocks[0]!.conditions.find(({ what }) => what === 'classifiers of BWDS see');
    expect(seen({ pooling: 'mixed', tradeOffs: 96 })).toMatchObject({
      paper: '“pooling and single linear layer”',
      ours: 'mixed pooling to 4×4',
    });
    // What is not said was made otherwise.
    expect(seen({})?.ours).toBe('global pooling');
  });

  it('takes the default rule of agreement where several are recorded, wherever they stand in the index', () => {
    const pair = (agreement: string, epochs: number, accuracy: number) =>
      runOf({
        method: 'e2cm-sdn',
        epochs,
        options: { seed: 1, agreement },
        accuracy: [null, accuracy, accuracy, accuracy],
      });
    const index = indexOf(
      pair('or', 6, 0.1),
      pair('and-confidence', 6, 0.2),
      pair('or', 200, 0.3),
      pair('and-confidence', 100, 0.4),
    );
    const wanted = { dataset: 'cifar-10', network: 'resnet18-cifar10', method: 'e2cm-sdn' };
    const six = runsFor(index, { ...wanted, budget: { kind: 'epochs', epochs: 6 } });
    expect(six.runs.map(({ results }) => results.paper[1]!.accuracy)).toEqual([0.2]);
    expect(six.others).toHaveLength(1);
    const most = runsFor(index, { ...wanted, budget: { kind: 'largest', above: 6 } });
    expect([most.epochs, most.runs.length]).toEqual([100, 1]);
  });

  it('says that a cost is out of reach instead of a number', () => {
    const got = recorded({
      ...deep,
      method: 'sdn',
      epochs: 6,
      accuracy: [null, 0.7, 0.8, 0.8],
      exits: 5,
    });
    const [first, second] = row(joinTable(TABLE_1, got), 0, 'SDN').cells;
    expect(first!.missing).toEqual({ why: 'unreachable', cheapest: 0.2 });
    expect(first!.ours).toBeNull();
    // The cheapest exit costs 0.2, less than the second column: no policy was found there, whatever the reason.
    const none = recorded({
      ...deep,
      method: 'sdn',
      epochs: 6,
      accuracy: [null, null, 0.8, 0.8],
      exits: 5,
    });
    const other = row(joinTable(TABLE_1, none), 0, 'SDN').cells[1]!;
    expect(other.missing).toEqual({ why: 'not-found', found: 0, runs: 1 });
    expect(missingWords(other.missing!)).toBe('none found');
    expect(second!.ours).not.toBeNull();
    const short = recorded({ ...deep, method: 'sdn', epochs: 6, accuracy: [0.5] });
    expect(row(joinTable(TABLE_1, short), 0, 'SDN').cells[3]!.missing).toEqual({
      why: 'not-measured',
    });
  });

  it('shows E2CM alone as a row that the paper does not have, and does not count it', () => {
    const table = joinTable(TABLE_1, recorded(deep));
    const alone = row(table, 0, 'E2CM');
    expect(alone.inPaper).toBe(false);
    expect(alone.cells[0]!.paper).toBeNull();
    expect(alone.cells[0]!.ours!.accuracy).toBeCloseTo(50);
    expect(table.filled).toBe(0);
    const raw = joinTable(TABLE_1, recorded({ ...deep, options: { label: 'raw' } }));
    expect(raw.blocks[0]!.rows.some(({ method }) => method === 'E2CM')).toBe(false);
  });

  it('states what differs: fewer images for the network, the means and the thresholds', () => {
    const network = 'resnet152-kmnist';
    const got = {
      ...recorded({ dataset: 'kmnist', network, trainCount: 6284 }),
      cards: {
        [network]: cardOf({ id: network, trainImages: 6284, framework: 'PyTorch 1.13' }),
      },
    };
    const block = joinTable(TABLE_1, got).blocks[1]!;
    const ours = Object.fromEntries(block.conditions.map((one) => [one.what, one.ours]));
    expect(ours).toEqual({
      'network trained': '60 epochs',
      'plain network, test': '87.90 % of 10,000 images',
      'trained on': '6,284 of 60,000 images',
      weights: 'uint8 kernels; 88.00 % before',
      framework: 'PyTorch 1.13, then TensorFlow.js',
      'class means': '6,284 of 60,000 images',
      'thresholds found on': '6,284 of 60,000 images',
    });
  });

  it('states once what all methods of a block share, and the rest beside each', () => {
    const got = recorded(
      { ...deep, trainCount: 10_000, meanImages: 50_000 },
      { ...deep, trainCount: 10_000, meanImages: 50_000, method: 'sdn', epochs: 50 },
    );
    const table = joinTable(TABLE_2, got);
    expect(table.blocks[0]!.conditions.map(({ what }) => what)).toEqual(['thresholds found on']);
    expect(row(table, 0, 'SDN').conditions.map(({ what }) => what)).toEqual(['method trained']);
    expect(row(table, 0, 'E2CM').conditions).toEqual([]);
  });
});

describe('pairs that the tables have no place for', () => {
  it('are listed with whatever costs they were measured at', () => {
    const got = recorded(deep, {}, { network: 'resnet18-w16-mnist', dataset: 'mnist' });
    const pairs = otherPairs(got);
    expect(pairs.map(({ title }) => title)).toEqual([
      'ResNet-18 · CIFAR-10',
      'ResNet-18 × ¼ · MNIST',
    ]);
    expect(pairs[0]!.rows[0]!.cells).toHaveLength(4);
  });

  it('have one row for the seeds of a method, budget and rule', () => {
    const pair = (agreement: string, epochs: number, seed: number, accuracy: number) => ({
      method: 'e2cm-sdn',
      epochs,
      options: { seed, agreement },
      accuracy: [null, accuracy, accuracy, accuracy],
    });
    const got = recorded(
      pair('or', 6, 1, 0.5),
      pair('and-confidence', 6, 1, 0.6),
      pair('and-confidence', 6, 2, 0.62),
      pair('and-confidence', 1, 1, 0.4),
      { method: 'e2cm-branchynet', epochs: 1 },
      {},
    );
    const { rows } = otherPairs(got)[0]!;
    expect(rows.map(({ method, epochs }) => [method, epochs])).toEqual([
      ['E2CM', null],
      ['E2CM + SDN', 1],
      ['E2CM + SDN', 6],
      ['E2CM + SDN', 6],
      ['E2CM+BranchyNet', 1],
    ]);
    expect(rows[3]!.cells[1]!.ours).toMatchObject({ runs: 2 });
    expect(rows[3]!.conditions).toContainEqual(
      expect.objectContaining({ what: 'seeds', ours: '1, 2, their mean' }),
    );
  });
});
