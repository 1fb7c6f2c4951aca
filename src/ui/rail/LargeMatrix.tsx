import { useMemo, useState, type MouseEvent } from 'react';
import {
  byGroup,
  hardestFirst,
  inGroups,
  likenessOrder,
  type ClassGroup,
} from '../../core/class-order.ts';
import { permuted } from '../../core/confusion.ts';
import type { Trace } from '../../core/trace.ts';
import { superclassesOf } from '../../data/cifar100-classes.ts';
import { count, plural } from '../shared/format.ts';
import { isUnlabelled, rightWords } from '../shared/rightWords.ts';
import { useClusterNames } from '../shared/useClusterNames.ts';
import { MatrixCanvas } from './MatrixCanvas.tsx';
import { CountTable, MatrixTable } from './MatrixTable.tsx';

/** Orders in which many classes stand; superclasses where they are known. */
const ORDERS = {
  superclass: 'by superclass',
  dataset: 'as in the dataset',
  likeness: 'those that are taken for each other together',
  hardest: 'the hardest first',
} as const;
type OrderId = keyof typeof ORDERS;

/** Classes of a group that is looked at closely, where no superclass says which belong together. */
const CLOSE = 10;

interface LargeMatrixProps {
  readonly trace: Trace;
  /** Row-major counts, rows true classes. */
  readonly counts: Uint32Array;
  readonly side: number;
  readonly onChoose: (truth: number, predicted: number) => void;
}

/** A confusion matrix of many classes: a picture in an order of its reader's, and a table of any two groups of it. */
export function LargeMatrix({ trace, counts, side, onChoose }: LargeMatrixProps) {
  const { classes } = trace;
  const k = classes.length;
  const clusters = useClusterNames(trace);
  const names = isUnlabelled(trace) ? clusters : classes;
  const superclasses = superclassesOf(classes);
  const [id, setId] = useState<OrderId>(superclasses ? 'superclass' : 'dataset');
  /** Groups that are shown closely, one or two; none for all, null for the groups themselves. */
  const [close, setClose] = useState<readonly number[] | null>([]);
  const [under, setUnder] = useState<readonly [truth: number, predicted: number] | null>(null);
  const groups = useMemo(
    () => groupsOf(id, counts, names, superclasses),
    [id, counts, names, superclasses],
  );
  const order = useMemo(() => groups.flatMap(({ classes }) => [...classes]), [groups]);
  const moved = useMemo(() => permuted(counts, k, order), [counts, k, order]);
  const words = rightWords(trace);
  const shown = (close ?? []).flatMap((g) => [...groups[g]!.classes]);
  const cellAt = ({ currentTarget, clientX, clientY }: MouseEvent): [number, number] => {
    const box = currentTarget.getBoundingClientRect();
    const at = (share: number): number =>
      Math.min(k - 1, Math.max(0, Math.floor(share * order.length)));
    return [at((clientY - box.top) / box.height), at((clientX - box.left) / box.width)];
  };
  const groupAt = (place: number): number =>
    groups.findIndex(({ classes }) => classes.includes(order[place]!));
  return (
    <>
      <div className="matrix-choices">
        <label className="field small">
          order
          <select
            value={id}
            onChange={(event) => {
              setId(event.target.value as OrderId);
              setClose([]);
            }}
          >
            {(Object.keys(ORDERS) as OrderId[])
              .filter((one) => superclasses || one !== 'superclass')
              .map((one) => (
                <option key={one} value={one}>
                  {ORDERS[one]}
                </option>
              ))}
          </select>
        </label>
        <label className="field small">
          show
          <select
            value={close === null ? 'groups' : close.length === 0 ? 'all' : close.join(' ')}
            onChange={({ target: { value } }) =>
              setClose(
                value === 'groups' ? null : value === 'all' ? [] : value.split(' ').map(Number),
              )
            }
          >
            <option value="all">all {count(k)} classes</option>
            <option value="groups">the {groups.length} groups</option>
            {close?.length === 2 && (
              <option value={close.join(' ')}>
                {groups[close[0]!]!.name} and {groups[close[1]!]!.name}
              </option>
            )}
            {groups.map(({ name }, g) => (
              <option key={name} value={g}>
                {name}
              </option>
            ))}
          </select>
        </label>
      </div>
      {close === null ? (
        <CountTable
          trace={trace}
          counts={byGroup(counts, k, groups)}
          rows={groups.map(({ name }) => name)}
          columns={groups.map(({ name }) => name)}
          onChoose={(truth, predicted) => setClose([...new Set([truth, predicted])])}
        />
      ) : shown.length > 0 ? (
        <MatrixTable trace={trace} counts={counts} shown={shown} onChoose={onChoose} />
      ) : (
        <>
          <div
            className="matrix-picture"
            style={{ width: side, height: side }}
            onPointerMove={(event) => setUnder(cellAt(event))}
            onPointerLeave={() => setUnder(null)}
            onClick={(event) => setClose([...new Set(cellAt(event).map(groupAt))])}
          >
            <MatrixCanvas counts={moved} k={k} side={side} />
            <GroupLines groups={groups} k={k} />
          </div>
          <p className="panel-help matrix-under" aria-hidden="true">
            {under
              ? `${words.taken(names[order[under[0]]!]!, clusters[order[under[1]]!]!)}: ${plural(
                  moved[under[0] * k + under[1]]!,
                  'image',
                )}`
              : 'A click shows the groups of a place closely.'}
          </p>
        </>
      )}
    </>
  );
}

/** Where groups end, over the picture. */
function GroupLines({ groups, k }: { readonly groups: readonly ClassGroup[]; readonly k: number }) {
  const sizes = groups.map(({ classes }) => classes.length);
  const ends = sizes.slice(1).map((_, g) => sizes.slice(0, g + 1).reduce((sum, n) => sum + n));
  return (
    <svg viewBox={`0 0 ${k} ${k}`} preserveAspectRatio="none" aria-hidden="true">
      {ends.map((end) => (
        <path key={end} d={`M0 ${end}H${k}M${end} 0V${k}`} vectorEffect="non-scaling-stroke" />
      ))}
    </svg>
  );
}

function groupsOf(
  id: OrderId,
  counts: Uint32Array,
  names: readonly string[],
  superclasses: readonly ClassGroup[] | null,
): readonly ClassGroup[] {
  if (id === 'superclass' && superclasses) return superclasses;
  const k = names.length;
  const order =
    id === 'likeness'
      ? likenessOrder(counts, k)
      : id === 'hardest'
        ? hardestFirst(counts, k)
        : names.map((_, c) => c);
  return inGroups(order, CLOSE, names);
}
