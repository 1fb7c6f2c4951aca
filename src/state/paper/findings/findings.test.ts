import { describe, expect, it } from 'vitest';
import { cardOf, indexOf, runOf } from '../testing.ts';
import type { Recorded } from '../join.ts';
import { duel, leadOf, verdictOf } from './duel.ts';
import { findings, tallyOf, type Finding } from './findings.ts';
import type { SaidId } from './said.ts';
import { overall } from './verdict.ts';
import type { RecordedRun } from '../../../core/run-index.ts';

const recordedAs = (...runs: readonly RecordedRun[]): Recorded => ({
  index: indexOf(...runs),
  cards: {},
  search: 'paper',
});
const findingOf = (recorded: Recorded, id: SaidId): Finding =>
  findings(recorded).find((one) => one.id === id)!;
const caseOf = ({ cases }: Finding, title: string) => cases.find((one) => one.title === title)!;

const seeds = (
  method: string,
  epochs: number,
  each: readonly (readonly (number | null)[])[],
): RecordedRun[] =>
  each.map((accuracy, n) => runOf({ method, epochs, accuracy, options: { seed: n + 1 } }));

describe('a verdict over comparisons', () => {
  it.each([
    [['holds', 'holds'], 'each', 'holds'],
    [['holds', 'open'], 'each', 'holds'],
    [['holds', 'fails'], 'each', 'in-part'],
    [['holds', 'fails'], 'some', 'holds'],
    [['in-part', 'fails'], 'some', 'in-part'],
    [['level', 'fails'], 'each', 'fails'],
    [['level'], 'each', 'fails'],
    [['open'], 'some', 'open'],
    [[], 'each', 'open'],
  ] as const)('%j, asked of %s, is %s', (verdicts, asked, expected) => {
    expect(overall(verdicts, asked)).toBe(expected);
  });
});

describe('two methods side by side', () => {
  const against = (first: RecordedRun[], second: RecordedRun[]) =>
    verdictOf(duel(first, second, 'paper'));
  const even = seeds('sdn', 1, [[0.5, 0.6, 0.7, 0.8]]);

  it('takes less than 0.2 points for nothing', () => {
    expect(against(seeds('e2cm-sdn', 1, [[0.5019, 0.6, 0.699, 0.8]]), even)).toBe('level');
    expect(against(seeds('e2cm-sdn', 1, [[0.5021, 0.6, 0.7, 0.8]]), even)).toBe('holds');
    expect(against(seeds('e2cm-sdn', 1, [[0.4979, 0.6, 0.7, 0.8]]), even)).toBe('fails');
    expect(against(seeds('e2cm-sdn', 1, [[0.51, 0.6, 0.7, 0.79]]), even)).toBe('in-part');
  });

  it('takes less than seeds differ for nothing', () => {
    const spread = seeds('e2cm-sdn', 1, [
      [0.49, 0.6, 0.7, 0.8],
      [0.52, 0.6, 0.7, 0.8],
    ]);
    const [first] = duel(spread, even, 'paper');
    expect(first!.gain!.accuracy).toBeCloseTo(0.5, 9);
    expect(first!.gain!.spread).toBeCloseTo(100 * Math.sqrt(2 * 0.015 ** 2), 9);
    expect(against(spread, even)).toBe('level');
  });

  it('says why a cost has no number, and nothing where none has', () => {
    const late = seeds('sdn', 1, [[null, 0.6, 0.7, 0.8]]);
    expect(duel(even, late, 'paper')[0]).toMatchObject({ gain: null, missing: 'none found' });
    expect(against(even, [])).toBe('open');
  });

  it('reads the most of whole curves, once all others are there', () => {
    const [ours] = seeds('e2cm', 1, [[0.6, 0.66, 0.7, 0.8]]);
    const curves = [ours!.curves.paper];
    const theirs = even.map((run) => run.curves.paper);
    const claimed = { better: 15, faster: 90 };
    expect(leadOf(curves, [theirs], claimed)).toMatchObject({ verdict: 'holds' });
    expect(leadOf(curves, [theirs], { ...claimed, better: 25 })?.verdict).toBe('in-part');
    expect(leadOf(theirs, [curves], claimed)?.verdict).toBe('fails');
    expect(leadOf(curves, [theirs, []], claimed)).toBeNull();
  });
});

describe('the paper’s sentences', () => {
  it('are open where nothing is recorded, but for what follows from shapes', () => {
    const open = findings({ index: null, cards: {}, search: 'paper' });
    expect(open.filter(({ verdict }) => verdict !== 'open').map(({ id }) => id)).toEqual([
      'no-gradients',
      'storage',
      'overhead',
    ]);
    for (const { quote, source, test, cases } of open) {
      expect(quote.length * source.length * test.length).toBeGreaterThan(0);
      expect(new Set(cases.map(({ title }) => title)).size).toBe(cases.length);
    }
  });

  it('are held against the paper’s comparisons; what is beside them is counted apart', () => {
    const found = findingOf(
      recordedAs(
        runOf({ accuracy: [0.6, 0.7, 0.8, 0.9] }),
        ...seeds('sdn', 1, [[0.5, 0.6, 0.7, 0.8]]),
        runOf({ dataset: 'mnist', network: 'resnet18-w16-mnist' }),
        runOf({
          ...{ dataset: 'mnist', network: 'resnet18-w16-mnist', method: 'sdn', epochs: 1 },
          accuracy: [0.9, 0.9, 0.9, 0.9],
        }),
      ),
      'one-epoch',
    );
    expect(found.verdict).toBe('holds');
    const papers = found.cases.filter(({ inPaper }) => inPaper);
    expect(tallyOf(papers)).toEqual({ all: 12, recorded: 1, words: '1 holds' });
    expect(tallyOf(found.cases.filter(({ inPaper }) => !inPaper))).toEqual({
      ...{ all: 2, recorded: 1, words: '1 does not' },
    });
  });

  it('are held against runs under as many epochs, and under the search that is chosen', () => {
    const wish = { network: 'resnet152-kmnist', dataset: 'kmnist' };
    const recorded = recordedAs(
      runOf({ ...wish, method: 'sdn', epochs: 6, frontier: [0.6, 0.7, 0.8, 0.9] }),
      runOf({ ...wish, method: 'e2cm-sdn', epochs: 6, accuracy: [0.6, 0.7, 0.8, 0.9] }),
      runOf({ ...wish, method: 'e2cm-sdn', epochs: 100, accuracy: [0.9, 0.9, 0.9, 0.9] }),
    );
    const found = findingOf(recorded, 'boost');
    expect(caseOf(found, 'ResNet-152 · KMNIST, 6 epochs').verdict).toBe('holds');
    expect(caseOf(found, 'ResNet-152 · KMNIST, 100 epochs').verdict).toBe('open');
    expect(findingOf({ ...recorded, search: 'frontier' }, 'boost').verdict).toBe('fails');
  });

  it('count a point below the whole network as all of it', () => {
    // What `runOf` has at the last exit is 0.9.
    const at = (last: number) =>
      findingOf(recordedAs(runOf({ accuracy: [0.5, 0.6, 0.7, last] })), 'quarter').verdict;
    expect(at(0.89)).toBe('holds');
    expect(at(0.889)).toBe('fails');
  });

  it('tell nothing of a network that was trained jointly for less long than the plain one', () => {
    const joint = (epochs: number, before: number) => {
      const id = 'resnet152-kmnist';
      const wish = { network: id, dataset: 'kmnist' };
      const recorded = recordedAs(runOf(wish), runOf({ ...wish, method: 'branchynet', epochs }));
      return findingOf({ ...recorded, cards: { [id]: cardOf({ id, epochs: before }) } }, 'joint');
    };
    expect(joint(12, 40).verdict).toBe('open');
    expect(joint(12, 12).verdict).toBe('fails');
    expect(caseOf(joint(12, 40), 'ResNet-152 · KMNIST').found).toContain('after 12 epochs');
  });

  it('count two passes of E2CM as dearer than the one behind an epoch of SDN’s classifiers', () => {
    const wish = { network: 'resnet18-cifar10', dataset: 'cifar-10' };
    const found = findingOf(
      recordedAs(
        runOf(wish),
        runOf({ ...wish, method: 'sdn', epochs: 1 }),
        runOf({ ...wish, method: 'branchynet', epochs: 1 }),
      ),
      'low-power',
    );
    expect(caseOf(found, 'ResNet-18 · CIFAR-10, against SDN').verdict).toBe('fails');
    expect(caseOf(found, 'ResNet-18 · CIFAR-10, against BranchyNet').verdict).toBe('holds');
  });

  it('count in percent of SDN where classes are many', () => {
    const wish = { network: 'resnet152-cifar100', dataset: 'cifar-100' };
    const found = (accuracy: number[]) =>
      findingOf(
        recordedAs(
          runOf({ ...wish, method: 'sdn', epochs: 6, accuracy: [0.2, 0.24, 0.27, 0.3] }),
          runOf({ ...wish, method: 'e2cm-sdn', epochs: 6, accuracy }),
        ),
        'many-classes',
      );
    expect(found([0.34, 0.46, 0.52, 0.54])).toMatchObject({
      verdict: 'holds',
      cases: [{ found: '+70.0 % at 0.15, +91.7 % at 0.20, +92.6 % at 0.25, +80.0 % at 0.30' }],
    });
    expect(found([0.34, 0.46, 0.3, 0.3]).verdict).toBe('in-part');
    expect(found([0.2, 0.24, 0.27, 0.3]).verdict).toBe('fails');
  });
});
