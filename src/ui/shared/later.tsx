import { useEffect, useState, type ComponentType, type ReactNode } from 'react';
import { askedAgain, withSheets } from './sheets.ts';

interface Later<Props> {
  (props: Props): ReactNode;
  /** Begins to fetch it, where it will be wanted soon. */
  readonly prepare: () => void;
}

type Fetched<Props> =
  { readonly Part: ComponentType<Props> } | 'waiting' | 'asked again' | 'failed';

/**
 * A part of a page that the first paint does not need: it is fetched when it is first drawn, into room that is kept for
 * it. Where it cannot be had, that is said, and it can be asked for again.
 * @param height of the room, in CSS pixels.
 * @param what it is, where it cannot be had: "The chart".
 */
export function later<Props extends object>(
  height: number,
  load: () => Promise<ComponentType<Props>>,
  what = 'The chart',
): Later<Props> {
  let fetched: Fetched<Props> = 'waiting';
  let coming: Promise<Fetched<Props>> | null = null;
  const fetch = (by: typeof withSheets = withSheets): Promise<Fetched<Props>> =>
    (coming ??= by(load).then(
      (Part) => (fetched = { Part }),
      () => {
        coming = null;
        return 'failed';
      },
    ));

  function Part(props: Props) {
    const [answer, setAnswer] = useState(fetched);
    useEffect(() => {
      if (answer !== 'waiting' && answer !== 'asked again') return;
      let isWanted = true;
      void fetch(answer === 'waiting' ? withSheets : askedAgain).then((next) => {
        if (isWanted) setAnswer(next);
      });
      return () => {
        isWanted = false;
      };
    }, [answer]);
    if (typeof answer === 'object') return <answer.Part {...props} />;
    return (
      <div className="later" style={{ height }}>
        {answer === 'failed' && (
          <p role="alert">
            {what} could not be fetched: it is loaded when it is first drawn, and the server did not
            answer. Everything else goes on working. Trying again may load the whole page anew.{' '}
            <button type="button" className="button small" onClick={() => setAnswer('asked again')}>
              Try again
            </button>
          </p>
        )}
      </div>
    );
  }
  return Object.assign(Part, { prepare: () => void fetch() });
}
