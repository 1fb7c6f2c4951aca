/** Commit of this build; "live" where nobody said it. */
export const commit = (import.meta.env.VITE_COMMIT as string | undefined) ?? 'live';
