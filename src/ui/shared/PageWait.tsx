interface PageWaitProps {
  readonly failed: boolean;
  readonly retry: () => void;
}

/** In the place of a page that is being fetched; where it cannot be had, that is said, and it can be asked for again. */
export function PageWait({ failed, retry }: PageWaitProps) {
  if (!failed) return <p className="page-wait">Loading the page …</p>;
  return (
    <main className="page-wait" role="alert">
      <p>
        This page could not be fetched: it is loaded when it is first opened, and the server did not
        answer. Explore and everything on it goes on working.
      </p>
      <button type="button" className="button" onClick={retry}>
        Try again
      </button>
    </main>
  );
}
