import { useEffect, useState } from 'react';
import { verdictsOfTwo, type Verdict } from '../../core/disagree.ts';
import type { Policy } from '../../core/policy.ts';
import type { Trace } from '../../core/trace.ts';
import { choosePair, useCompare } from '../../state/compare/choices.ts';
import { compareAt, imagesWith, useDisagreement } from '../../state/compare/disagree.ts';
import type { Comparison, Side } from '../../state/compare/disagree.ts';
import {
  canBeFollowed,
  firstPair,
  followed,
  type Member,
  type Racer,
} from '../../state/compare/racers.ts';
import { notify, sentenceOf } from '../../state/notices.ts';
import { showPolicy } from '../../state/open.ts';
import { count, percent, plural } from '../shared/format.ts';
import { methodWords } from '../shared/methods.ts';
import { Panel } from '../shared/Panel.tsx';
import { ExitPairs } from './ExitPairs.tsx';
import { nameOf } from './racer.ts';

/** Two racers at the pinned cost: which images leave where, and who is right where the other is wrong. */
export function DisagreePanel({ racers }: { readonly racers: readonly Racer[] }) {
  const pinned = useCompare((state) => state.pinned);
  const search = useCompare((state) => state.search);
  const keys = useCompare((state) => state.pair);
  const comparison = useDisagreement((state) => state.comparison);
  const busy = useDisagreement((state) => state.busy);
  const problem = useDisagreement((state) => state.problem);
  const pair = firstPair(racers);
  const [first, second] = [0, 1].map(
    (n) => racers.find(({ key }) => key === keys?.[n]) ?? pair?.[n as 0 | 1],
  );
  useEffect(() => {
    if (first && second) void compareAt(followed(first), followed(second), pinned, search);
  }, [first, second, pinned, search]);
  if (!first || !second) return null;
  const choice = (n: 0 | 1, chosen: Racer) => (
    <label className="field small">
      <span className="visually-hidden">{n === 0 ? 'First method' : 'Second method'}</span>
      <select
        value={chosen.key}
        onChange={(event) => {
          const next: [string, string] = [first.key, second.key];
          next[n] = event.target.value;
          choosePair(next);
        }}
      >
        {racers.map((racer) => (
          <option key={racer.key} value={racer.key}>
            {nameOf(racer)}
            {!canBeFollowed(racer) && ', curve only'}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <Panel
      title="Where they disagree"
      why="disagree"
      note={
        <>
          {choice(0, first)} against {choice(1, second)} at {pinned.toFixed(3)} of the FLOPs
        </>
      }
    >
      {busy && <p className="panel-help">Comparing image by image …</p>}
      {problem && <p className="panel-help">{problem}</p>}
      {comparison && !problem && <Disagreement comparison={comparison} />}
    </Panel>
  );
}

/** Images that are listed at once. */
const SHOWN = 24;

function Disagreement({ comparison }: { readonly comparison: Comparison }) {
  const { first, second, found, p } = comparison;
  const [verdict, setVerdict] = useState<Verdict>('first');
  const [exits, setExits] = useState<readonly [number, number] | null>(null);
  const names = [first, second].map(({ trace }) => methodWords(trace.method).name);
  const words: Readonly<Record<Verdict, string>> = {
    both: 'both right',
    first: `only ${names[0]} right`,
    second: `only ${names[1]} right`,
    neither: 'both wrong',
  };
  const images = imagesWith(comparison, verdict, exits);
  return (
    <div className="disagree">
      <p>
        <SideWords side={first} />; <SideWords side={second} />. Of {count(first.trace.count)} test
        images {count(found.otherLabel)} get different labels. An imbalance of{' '}
        {count(found.count.first)} to {count(found.count.second)} where one alone is right would
        come up{' '}
        {p < 0.001 ? 'less than once in a thousand times' : `with probability ${p.toPrecision(2)}`}{' '}
        if both were equally good (McNemar’s exact test).
      </p>
      <div className="verdicts" role="group" aria-label="Images by who is right">
        {verdictsOfTwo.map((id) => (
          <button
            key={id}
            type="button"
            className="button small"
            aria-pressed={verdict === id}
            onClick={() => setVerdict(id)}
          >
            {words[id]} <b>{count(found.count[id])}</b>
          </button>
        ))}
      </div>
      <div className="disagree-split">
        <ExitPairs comparison={comparison} names={names} chosen={exits} onChoose={setExits} />
        <div>
          <p className="panel-help">
            {plural(images.length, 'image')} {words[verdict]}
            {exits &&
              `, leaving at ${first.trace.exits[exits[0]]!.name} and ${second.trace.exits[exits[1]]!.name}`}
            {exits && (
              <>
                {' · '}
                <button type="button" className="link" onClick={() => setExits(null)}>
                  at any exits
                </button>
              </>
            )}
            {images.length > 0 && '. Open one on the exit map:'}
          </p>
          <ul className="disagree-images">
            {images.slice(0, SHOWN).map((image) => (
              <li key={image}>
                <span>
                  #{image} {first.trace.classes[first.trace.label[image]!]}
                </span>
                {[first, second].map((side) => (
                  <OpenButton key={side.member.id} side={side} image={image} />
                ))}
              </li>
            ))}
          </ul>
          {images.length > SHOWN && (
            <p className="panel-help">and {count(images.length - SHOWN)} more</p>
          )}
        </div>
      </div>
    </div>
  );
}

function SideWords({ side: { trace, outcome, cost } }: { readonly side: Side }) {
  return (
    <>
      {methodWords(trace.method).name}: {percent(outcome.accuracy)} at {cost.toFixed(3)}
    </>
  );
}

function open({ from }: Member, trace: Trace, policy: Policy, image: number): void {
  if (from.kind !== 'opened') showPolicy(trace, policy, image, from.kind);
  else
    void import('../../state/traces/open.ts')
      .then(({ showKeptPolicy }) => showKeptPolicy(from, policy, image))
      .catch((error: unknown) => notify('error', sentenceOf(error)));
}

/** What one method makes of an image, and the way to see it on Explore. */
function OpenButton({ side, image }: { readonly side: Side; readonly image: number }) {
  const { trace, outcome, policy, member } = side;
  const exit = outcome.exitOf[image]!;
  const label = trace.prediction[exit * trace.count + image]!;
  const wrong = label !== trace.label[image];
  return (
    <button type="button" className="link" onClick={() => open(member, trace, policy, image)}>
      {methodWords(trace.method).name}:{' '}
      <span className={wrong ? 'wrong-text' : ''}>{trace.classes[label]}</span> at{' '}
      {trace.exits[exit]!.name}
    </button>
  );
}
