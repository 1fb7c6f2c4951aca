interface PageWaitProps {
  /** Of the page that is waited for. */
  readonly name: string;
  readonly failed: boolean;
  readonly retry: () => void;
}

/** In the place of a page that is being fetched; where it cannot be had, that is said, and it can be asked for again. */
export function PageWait({ name, failed, retry }: PageWaitProps) {
  return (
    <div className="page-wait" role={failed ? 'alert' : undefined}>
      <h1 className="visually-hidden">{name}</h1>
      {failed ? (
        <>
          <p>
            This page could not be fetched: it is loaded when it is first opened, and the server did
            not answer. Explore and everything on it goes on working. Trying again may load the
            whole page anew, by its link.
          </p>
          <button type="button" className="button" onClick={retry}>
            Try again
          </button>
        </>
      ) : (
        <p>Loading the page …</p>
      )}
    </div>
  );
}
