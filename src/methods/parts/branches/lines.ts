/** BranchyNet's formula with the numbers of one image. */
import type { Formula } from '../../contract/story.ts';
import { digits } from '../lines.ts';
import { softmax } from '../softmax.ts';

/** Terms that are written out; the others are added up. */
const TERMS = 3;

/** How unsure a branch is: the entropy of its softmax in nats. @param logits [K]. */
export function entropyLines(logits: Float32Array): Formula[] {
  const p = softmax(logits);
  const order = [...p.keys()].sort((a, b) => p[b]! - p[a]!);
  const terms = order.map((c) => (p[c]! > 0 ? -p[c]! * Math.log(p[c]!) : 0));
  const entropy = terms.reduce((sum, term) => sum + term, 0);
  const others = terms.slice(TERMS);
  const written = terms.slice(0, TERMS).map((term) => digits(Math.max(0, term)));
  const rest = others.reduce((sum, term) => sum + term, 0);
  const all = others.length > 0 ? [...written, `${digits(rest)} (${others.length} more)`] : written;
  const top = order[0]!;
  return [
    { says: 'p = max softmax of the branch', value: p[top]!, of: top },
    { says: `entropy = −Σ p·ln p = ${all.join(' + ')}`, value: Math.max(0, entropy) },
  ];
}
