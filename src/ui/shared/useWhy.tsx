import { useState, type ReactNode } from 'react';
import type { WhyId } from '../why/ids.ts';
import { later } from './later.tsx';

const Why = later<{ readonly id: WhyId }>(
  0,
  () => import('../why/Why.tsx').then((module) => module.Why),
  'The words',
);

/** The button behind a title and, once it was pressed, the words that belong below; nothing where nothing can be asked. */
export function useWhy(
  id: WhyId | undefined,
  title: string,
): { readonly button: ReactNode; readonly words: ReactNode } {
  const [isAsked, setAsked] = useState(false);
  if (!id) return { button: null, words: null };
  return {
    button: (
      <button
        type="button"
        className="link why-button"
        aria-expanded={isAsked}
        aria-label={`Why: ${title}`}
        onClick={() => setAsked(!isAsked)}
      >
        why
      </button>
    ),
    words: isAsked && <Why id={id} />,
  };
}
