/** Orders of many classes in which a confusion matrix can be read, and groups of them that are looked at closely. */

/** Classes that belong together, by their indices. */
export interface ClassGroup {
  readonly name: string;
  readonly classes: readonly number[];
}

/** Rows and columns added up by group: [groups, groups], row-major. Classes of no group are left out. */
export function byGroup(
  counts: Uint32Array,
  k: number,
  groups: readonly ClassGroup[],
): Uint32Array {
  const groupOf = new Int32Array(k).fill(-1);
  for (const [g, { classes }] of groups.entries()) for (const c of classes) groupOf[c] = g;
  const sums = new Uint32Array(groups.length * groups.length);
  for (let truth = 0; truth < k; truth++)
    for (let predicted = 0; predicted < k; predicted++) {
      const [row, column] = [groupOf[truth]!, groupOf[predicted]!];
      if (row >= 0 && column >= 0)
        sums[row * groups.length + column]! += counts[truth * k + predicted]!;
    }
  return sums;
}

/** Classes by their share of right answers, the least first; those without images last. */
export function hardestFirst(counts: Uint32Array, k: number): number[] {
  const share = Array.from({ length: k }, (_, c) => {
    const all = counts.subarray(c * k, (c + 1) * k).reduce((sum, n) => sum + n, 0);
    return all === 0 ? Infinity : counts[c * k + c]! / all;
  });
  return share.map((_, c) => c).sort((a, b) => share[a]! - share[b]! || a - b);
}

/**
 * Classes that are taken for each other side by side: average linkage (Sokal and Michener 1958) by the share of images of
 * one that are taken for the other, both ways; of two branches the ends that are most alike meet. O(k³).
 */
export function likenessOrder(counts: Uint32Array, k: number): number[] {
  const likeness = new Float64Array(k * k);
  const totals = Array.from({ length: k }, (_, c) =>
    counts.subarray(c * k, (c + 1) * k).reduce((sum, n) => sum + n, 0),
  );
  for (let a = 0; a < k; a++)
    for (let b = 0; b < k; b++)
      if (a !== b)
        likeness[a * k + b] =
          counts[a * k + b]! / Math.max(1, totals[a]!) +
          counts[b * k + a]! / Math.max(1, totals[b]!);
  const between = likeness.slice();
  let branches = Array.from({ length: k }, (_, c) => ({ at: c, leaves: [c] }));
  while (branches.length > 1) {
    let best: [number, number] = [0, 1];
    let most = -1;
    for (let i = 0; i < branches.length; i++)
      for (let j = i + 1; j < branches.length; j++) {
        const alike = between[branches[i]!.at * k + branches[j]!.at]!;
        if (alike > most) [most, best] = [alike, [i, j]];
      }
    const [one, other] = [branches[best[0]]!, branches[best[1]]!];
    const [m, n] = [one.leaves.length, other.leaves.length];
    for (const { at } of branches) {
      const mean = (m * between[one.at * k + at]! + n * between[other.at * k + at]!) / (m + n);
      between[one.at * k + at] = between[at * k + one.at] = mean;
    }
    const leaves = joined(one.leaves, other.leaves, (a, b) => likeness[a * k + b]!);
    branches = branches.filter((branch) => branch !== other);
    branches[branches.indexOf(one)] = { at: one.at, leaves };
  }
  return branches[0]?.leaves ?? [];
}

/** Two rows of leaves as one, each turned so that the ends which are most alike meet. */
function joined(
  one: readonly number[],
  other: readonly number[],
  alike: (a: number, b: number) => number,
): number[] {
  const turned = (leaves: readonly number[]): number[] => [...leaves].reverse();
  const ways = [one, turned(one)].flatMap((a) => [other, turned(other)].map((b) => ({ a, b })));
  const best = ways.reduce((before, way) =>
    alike(way.a.at(-1)!, way.b[0]!) > alike(before.a.at(-1)!, before.b[0]!) ? way : before,
  );
  return [...best.a, ...best.b];
}

/** An order cut into groups of about `size` that follow each other, named by their first and last class. */
export function inGroups(
  order: readonly number[],
  size: number,
  names: readonly string[],
): ClassGroup[] {
  const groups = Math.max(1, Math.round(order.length / size));
  return Array.from({ length: groups }, (_, g) => {
    const [from, to] = [g, g + 1].map((n) => Math.round((n * order.length) / groups));
    const classes = order.slice(from, to);
    return { name: `${names[classes[0]!]} … ${names[classes.at(-1)!]}`, classes };
  });
}
