/** Shares of images, exactly: tails of the binomial distribution and intervals made of them. */

/** P(X ≤ k) for X ~ Binomial(n, p), summed in logarithms so that large n do not underflow. */
export function binomialTail(n: number, k: number, p: number): number {
  if (k >= n) return 1;
  // Term by term from x = 0; each is the one before times (n − x)/(x + 1) · p/(1 − p).
  let logTerm = n * Math.log1p(-p);
  const logOdds = Math.log(p) - Math.log1p(-p);
  let highest = logTerm;
  const terms = [logTerm];
  for (let x = 0; x < k; x++) {
    logTerm += Math.log((n - x) / (x + 1)) + logOdds;
    terms.push(logTerm);
    highest = Math.max(highest, logTerm);
  }
  const sum = terms.reduce((total, term) => total + Math.exp(term - highest), 0);
  return Math.min(1, Math.exp(highest) * sum);
}

/**
 * The Clopper–Pearson interval of a share: with probability `level` or more, over draws of n images of which k were counted,
 * it holds the true share. Clopper and Pearson 1934. By bisection, to 1e-9.
 * @param level between 0 and 1.
 */
export function exactInterval(k: number, n: number, level = 0.95): readonly [number, number] {
  const each = (1 - level) / 2;
  return [n === 0 || k === 0 ? 0 : 1 - upperBound(n, n - k, each), upperBound(n, k, each)];
}

/** The p at which P(X ≤ k) falls to δ. */
function upperBound(n: number, k: number, delta: number): number {
  if (k >= n) return 1;
  let low = 0;
  let high = 1;
  while (high - low > 1e-9) {
    const p = (low + high) / 2;
    if (binomialTail(n, k, p) > delta) low = p;
    else high = p;
  }
  return high;
}
