/** What each sentence of the paper is held against, comparison by comparison. */
import type { RecordedRun } from '../../../core/run-index.ts';
import { METHODS } from '../../../methods/registry.ts';
import { trainingCost } from '../../compare/cost.ts';
import { FIGURE_2, OVERHEAD_CLAIM } from '../claims.ts';
import { figure3Rows } from '../figure3.ts';
import { isMeasured, measureAt } from '../measure.ts';
import { methodTitle, networkIdOf, pairTitle } from '../names.ts';
import { PAPER_BUDGETS } from '../numbers.ts';
import { overheadRows, storageRows } from '../sizes.ts';
import { duel, leadOf, LEVEL, verdictOf, type Gain } from './duel.ts';
import { curvesOf, epochsOf, isAt, type Material, type Pair } from './material.ts';
import type { SaidId } from './said.ts';
import { overall, type Verdict } from './verdict.ts';

/** One comparison that a sentence is held against. */
export interface Case {
  /** Network and dataset, and against what, where that differs. */
  readonly title: string;
  /** Whether the paper makes it too; a sentence's verdict is over those. */
  readonly inPaper: boolean;
  /** Of two methods: how far the first is above, cost by cost. */
  readonly gains: readonly Gain[] | null;
  /** What was found, in few words, where it is not that; null where nothing is recorded. */
  readonly found: string | null;
  readonly verdict: Verdict;
}

export const CASES: Readonly<Record<SaidId, (material: Material) => readonly Case[]>> = {
  considerable: (material) =>
    material.pairs.flatMap((pair) => RIVALS.map((rival) => growth(material, pair, rival))),
  'no-gradients': () => [fitOfE2cm()],
  'low-power': (material) =>
    material.pairs.flatMap((pair) => RIVALS.map((rival) => fittingCost(material, pair, rival))),
  'one-epoch': (material) =>
    material.pairs.flatMap((pair) =>
      RIVALS.map((rival) =>
        above(
          material,
          `${pair.title}, against ${methodTitle(rival)}`,
          isAt(pair, 'figure-2'),
          material.runs(pair, 'e2cm', 'none'),
          material.runs(pair, rival, 'figure-2'),
        ),
      ),
    ),
  boost: (material) => [
    ...boosts(material, 'sdn', 'e2cm-sdn'),
    ...boosts(material, 'branchynet', 'e2cm-branchynet'),
  ],
  clustering: ({ index, search }) =>
    figure3Rows(index, search).map(({ title, paper, ours }) => ({
      ...{ title, inPaper: true, gains: null },
      found:
        ours &&
        `${points(ours.accuracy)} points lost, the mean of ${ours.runs} runs; in the paper ${paper}`,
      verdict: !ours ? 'open' : ours.accuracy <= paper ? 'holds' : 'fails',
    })),
  'certain-cases': (material) =>
    material.pairs.map((pair) =>
      ahead(
        material,
        { title: pair.title, inPaper: isAt(pair, 'figure-2'), claimed: FIGURE_2 },
        material.runs(pair, 'e2cm', 'none'),
        RIVALS.map((rival) => material.runs(pair, rival, 'figure-2')),
      ),
    ),
  nine: (material) =>
    material.pairs.flatMap((pair) =>
      TABLES.map((table) => {
        const both = material.runs(pair, 'e2cm-sdn', table);
        return ahead(
          material,
          {
            title: `${pair.title}, ${epochsOf(both, table)}`,
            inPaper: isAt(pair, table),
            claimed: { better: 9, faster: 25 },
          },
          both,
          [material.runs(pair, 'sdn', table)],
        );
      }),
    ),
  'many-classes': (material) =>
    material.pairs
      .filter(({ dataset }) => dataset === 'cifar-100')
      .map((pair) => boostInPercent(material, pair)),
  quarter: (material) => material.pairs.flatMap((pair) => quarters(material, pair)),
  bwds: (material) =>
    material.pairs.map((pair) => {
      const bwds = material.runs(pair, 'bwds', 'table-2');
      return above(
        material,
        `${pair.title}, ${epochsOf(bwds, 'table-2')}`,
        isAt(pair, 'table-2'),
        material.runs(pair, 'sdn', 'table-2'),
        bwds,
      );
    }),
  joint: (material) => material.pairs.map((pair) => jointTraining(material, pair)),
  storage: storageShares,
  overhead: () =>
    overheadRows()
      .filter(({ claimed }) => claimed)
      .map(({ title, share, shareOfBoth, exit }) => ({
        ...{ title, inPaper: true, gains: null },
        found: `${percent(share)} of the layers before the distances at ${exit}, ${percent(shareOfBoth)} of both together`,
        verdict: isAsSmall(share) ? 'holds' : isAsSmall(shareOfBoth) ? 'in-part' : 'fails',
      })),
};

/** What E2CM is compared with under a budget of one epoch. */
const RIVALS = ['sdn', 'branchynet'] as const;
const TABLES = ['table-1', 'table-2'] as const;

function above(
  { search }: Material,
  title: string,
  inPaper: boolean,
  first: readonly RecordedRun[],
  second: readonly RecordedRun[],
): Case {
  const gains = duel(first, second, search);
  return { title, inPaper, gains, found: null, verdict: verdictOf(gains) };
}

/** A method with E2CM beside it alone, under the budgets of both tables; the paper has SDN's. */
function boosts(material: Material, alone: string, both: string): Case[] {
  const isPapers = alone === 'sdn';
  return material.pairs.flatMap((pair) =>
    TABLES.map((table) => {
      const first = material.runs(pair, both, table);
      const which = isPapers ? '' : `${methodTitle(alone)}, `;
      return above(
        material,
        `${pair.title}, ${which}${epochsOf(first, table)}`,
        isPapers && isAt(pair, table),
        first,
        material.runs(pair, alone, table),
      );
    }),
  );
}

interface Claimed {
  readonly title: string;
  readonly inPaper: boolean;
  /** Percent of accuracy, percent of FLOPs. */
  readonly claimed: { readonly better: number; readonly faster: number };
}

function ahead(
  { search }: Material,
  { title, inPaper, claimed }: Claimed,
  ours: readonly RecordedRun[],
  others: readonly (readonly RecordedRun[])[],
): Case {
  const lead = leadOf(
    curvesOf(ours, search),
    others.map((runs) => curvesOf(runs, search)),
    claimed,
  );
  const base = { title, inPaper, gains: null };
  if (!lead) return { ...base, found: null, verdict: 'open' };
  const { saved } = lead;
  const flops = saved
    ? `${Math.abs(saved.percent).toFixed(0)} % ${saved.percent >= 0 ? 'fewer' : 'more'} FLOPs at ${percent(saved.accuracy)}`
    : 'no accuracy in common';
  return {
    ...base,
    found: `${signed(lead.percent)} % of accuracy at ${lead.at.toFixed(2)}; ${flops}`,
    verdict: lead.verdict,
  };
}

/** E2CM + SDN in percent of SDN's accuracy after six epochs, at the costs of the table. */
function boostInPercent(material: Material, pair: Pair): Case {
  const [both, alone] = (['e2cm-sdn', 'sdn'] as const).map((method) =>
    material.runs(pair, method, 'table-1'),
  );
  const gains = PAPER_BUDGETS.flatMap((cost) => {
    const [a, b] = [both!, alone!].map((runs) => measureAt(runs, material.search, cost));
    return isMeasured(a!) && isMeasured(b!)
      ? [{ cost, more: 100 * (a.accuracy / b.accuracy - 1) }]
      : [];
  });
  return {
    ...{ title: pair.title, inPaper: true, gains: null },
    found:
      gains.length > 0
        ? gains.map(({ cost, more }) => `${signed(more)} % at ${cost.toFixed(2)}`).join(', ')
        : null,
    verdict: overall(
      gains.map(({ more }) => (more >= 50 ? 'holds' : more > 1 ? 'in-part' : 'fails')),
      'each',
    ),
  };
}

/** The dearest of "25%-30% of the available computational resources". */
const QUARTER = 0.3;
/** A point: what the paper's rounding may hide. */
const ROUNDED = 1;

function quarters(material: Material, pair: Pair): Case[] {
  const sides = [
    { of: 'E2CM', runs: material.runs(pair, 'e2cm', 'none'), place: 'figure-2' },
    {
      of: 'E2CM + SDN, 6 epochs',
      runs: material.runs(pair, 'e2cm-sdn', 'table-1'),
      place: 'table-1',
    },
  ] as const;
  return sides.map(({ of, runs, place }) => {
    const base = { title: `${pair.title}, ${of}`, inPaper: isAt(pair, place), gains: null };
    const got = measureAt(runs, material.search, QUARTER);
    if (!isMeasured(got)) return { ...base, found: null, verdict: 'open' };
    const plain = 100 * runs[0]!.test.accuracy.at(-1)!;
    return {
      ...base,
      found: `${points(got.accuracy)} % of the plain network’s ${points(plain)} %`,
      verdict: got.accuracy >= plain - ROUNDED ? 'holds' : 'fails',
    };
  });
}

/** The end of a network with branches beside the plain one, which says something where it was trained as long. */
function jointTraining(material: Material, pair: Pair): Case {
  const branched = material.runs(pair, 'branchynet', 'table-2');
  const plain = material.runs(pair, 'e2cm', 'none')[0]?.test.accuracy.at(-1);
  const full = material.cards[pair.network]?.epochs;
  const epochs = branched[0]?.budget?.epochs;
  const base = { title: pair.title, inPaper: isAt(pair, 'table-2'), gains: null };
  if (plain === undefined || !full || epochs === undefined)
    return { ...base, found: null, verdict: 'open' };
  const end = branched.reduce((sum, { test }) => sum + test.accuracy.at(-1)!, 0) / branched.length;
  const lost = 100 * (plain - end);
  return {
    ...base,
    found: `${percent(end)} after ${epochs} epochs, the plain network ${percent(plain)} after ${full}`,
    verdict: epochs < full ? 'open' : lost > LEVEL ? 'holds' : lost < -LEVEL ? 'fails' : 'level',
  };
}

/** What a method gains by more than one epoch, at the dearest cost of the tables. */
function growth(material: Material, pair: Pair, rival: (typeof RIVALS)[number]): Case {
  const base = {
    title: `${pair.title}, ${methodTitle(rival)}`,
    inPaper: isAt(pair, 'figure-2'),
    gains: null,
  };
  const longest = (['table-2', 'table-1'] as const)
    .map((table) => material.runs(pair, rival, table))
    .find((runs) => runs.length > 0);
  const [one, long] = [material.runs(pair, rival, 'figure-2'), longest ?? []].map((runs) =>
    measureAt(runs, material.search, QUARTER),
  );
  if (!isMeasured(one!) || !isMeasured(long!)) return { ...base, found: null, verdict: 'open' };
  const more = long.accuracy - one.accuracy;
  return {
    ...base,
    found: `${points(one.accuracy)} % after one epoch, ${points(long.accuracy)} % after ${longest![0]!.budget!.epochs}`,
    verdict: more >= ROUNDED ? 'holds' : 'fails',
  };
}

/** What fitting E2CM computes, as its description says it. */
function fitOfE2cm(): Case {
  const { passes, epoch } = METHODS.e2cm.cost;
  const isFree = epoch.length === 0;
  return {
    ...{ title: 'E2CM', inPaper: true, gains: null },
    found: `${isFree ? 'no gradients' : 'gradients'}, ${passes.length} forward passes over the training images`,
    verdict: isFree ? 'holds' : 'fails',
  };
}

/** FLOPs of fitting by training image, beside one epoch of a method that trains. */
function fittingCost(material: Material, pair: Pair, rival: (typeof RIVALS)[number]): Case {
  const base = {
    title: `${pair.title}, against ${methodTitle(rival)}`,
    inPaper: isAt(pair, 'figure-2'),
    gains: null,
  };
  const [own] = material.runs(pair, 'e2cm', 'none');
  const [other] = material.runs(pair, rival, 'figure-2');
  if (!own || !other) return { ...base, found: null, verdict: 'open' };
  const each = (run: RecordedRun, id: 'e2cm' | typeof rival, epochs: number | null): number => {
    const { forward, backward } = trainingCost(id, run, epochs);
    return (forward + backward) / run.provenance.trainImages;
  };
  const [ours, theirs] = [each(own, 'e2cm', null), each(other, rival, 1)];
  return {
    ...base,
    found: `${mega(ours)} MFLOPs an image; one epoch of ${methodTitle(rival)} ${mega(theirs)}`,
    verdict: ours <= theirs ? 'holds' : 'fails',
  };
}

/** Class means beside weights, §4.2, p. 8. */
function storageShares(): Case[] {
  const rows = storageRows({});
  const claims = [
    { network: 'resnet152', share: 10 },
    { network: 'wideresnet101', share: 3 },
  ] as const;
  return claims.map(({ network, share }) => {
    const id = networkIdOf(network, 'cifar-10');
    const bytes = (what: string): number => rows.find((row) => row.id === `${what}-${id}`)!.bytes;
    const got = (100 * bytes('means')) / bytes('model');
    return {
      title: pairTitle(network, 'cifar-10'),
      ...{ inPaper: true, gains: null },
      found: `${points(got)} %`,
      verdict: Math.round(got) === share ? 'holds' : 'fails',
    };
  });
}

const isAsSmall = (share: number): boolean => Math.round(100 * share) <= 100 * OVERHEAD_CLAIM.most;

const percent = (share: number): string => `${points(100 * share)} %`;
const mega = (flops: number): string => (flops / 1e6).toFixed(flops < 1e7 ? 1 : 0);
const points = (value: number): string => value.toFixed(1).replace('-', '−');
const signed = (value: number): string => `${value >= 0 ? '+' : ''}${points(value)}`;
