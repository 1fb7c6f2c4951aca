import { useEffect, useState, type ComponentType } from 'react';

interface LazyPageProps {
  /** Fetches the page's code. */
  readonly load: () => Promise<ComponentType>;
}

type Fetched = { readonly page: ComponentType } | 'waiting' | 'failed';

/** A page that is fetched when it is opened; where it cannot be had, that is said, and it can be asked for again. */
export function LazyPage({ load }: LazyPageProps) {
  const [fetched, setFetched] = useState<Fetched>('waiting');
  useEffect(() => {
    if (fetched !== 'waiting') return;
    let isWanted = true;
    const settle = (next: Fetched): void => {
      if (isWanted) setFetched(next);
    };
    load().then(
      (page) => settle({ page }),
      () => settle('failed'),
    );
    return () => {
      isWanted = false;
    };
  }, [load, fetched]);
  if (fetched === 'waiting') return <p className="page-wait">Loading the page …</p>;
  if (fetched === 'failed')
    return (
      <main className="page-wait" role="alert">
        <p>
          This page could not be fetched: it is loaded when it is first opened, and the server did
          not answer. Explore and everything on it goes on working.
        </p>
        <button type="button" className="button" onClick={() => setFetched('waiting')}>
          Try again
        </button>
      </main>
    );
  return <fetched.page />;
}
