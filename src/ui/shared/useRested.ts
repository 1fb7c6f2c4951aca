import { startTransition, useEffect, useState } from 'react';

/** Milliseconds without a change after which a drag is taken to rest. */
const REST = 120;

/**
 * A value as it was when it last stood still: what is not on screen follows a drag once that rests, and takes no time of its
 * frames. Whoever uses it holds together in one value what belongs together.
 */
export function useRested<Value>(value: Value): Value {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    if (rested === value) return undefined;
    const timer = setTimeout(() => startTransition(() => setRested(value)), REST);
    return () => clearTimeout(timer);
  }, [value, rested]);
  return rested;
}
