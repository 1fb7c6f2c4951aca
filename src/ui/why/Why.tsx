import { whyOf } from '../../state/why.ts';
import { methodWords } from '../shared/methods.ts';
import { useShown } from '../shared/scene.ts';
import type { WhyId } from './ids.ts';
import { WORDS } from './words.ts';
import './why.css';

/** A sentence and the formulas behind a panel, those of the method on screen among them. */
export function Why({ id }: { readonly id: WhyId }) {
  const method = useShown(({ trace }) => trace?.method ?? null);
  const { says, formulas, isOfMethod } = WORDS[id];
  const own = isOfMethod && method !== null ? whyOf(method) : null;
  return (
    <div className="why">
      <p>{says}</p>
      {own && (
        <p>
          <b>{methodWords(method!).name}.</b> {own.says}
        </p>
      )}
      <ul>
        {[...(own?.formulas ?? []), ...formulas].map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </div>
  );
}
