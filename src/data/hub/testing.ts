/** The Hub for tests: what it answers of one dataset. */
import type { Ask } from './ask.ts';
import { HUB } from './name.ts';

export interface HubParts {
  readonly id: string;
  readonly sha: string;
  readonly files: Readonly<Record<string, Uint8Array<ArrayBuffer>>>;
  /** Head of its README. */
  readonly card?: unknown;
  readonly gated?: string | boolean;
  /** The same of the branch of what the Hub has converted. */
  readonly converted?: Readonly<Record<string, Uint8Array<ArrayBuffer>>>;
}

const CONVERTED = 'c'.repeat(40);

/** What the Hub answers at an address: status, error code, and what comes. */
export function hubAnswer(
  { id, sha, files, card, gated = false, converted }: HubParts,
  address: string,
): { status: number; code?: string; body: Uint8Array<ArrayBuffer> } {
  const url = new URL(address);
  const text = (body: unknown) => new TextEncoder().encode(JSON.stringify(body));
  if (url.origin !== HUB) return { status: 500, body: text('another server was asked') };
  const path = decodeURIComponent(url.pathname);
  const revision = new RegExp(`^/api/datasets/${id}/revision/(.+)$`).exec(path)?.[1];
  const about = (of: HubParts['files'], at: string) => ({
    status: 200,
    body: text({
      ...{ id, sha: at, gated, cardData: card },
      siblings: Object.entries(of).map(([rfilename, { length: size }]) => ({ rfilename, size })),
    }),
  });
  if (revision === 'refs/convert/parquet' && converted) return about(converted, CONVERTED);
  if (revision === 'main' || revision === sha) return about(files, sha);
  if (revision !== undefined)
    return { status: 404, code: 'RevisionNotFound', body: text({ error: 'no such revision' }) };
  for (const [commit, of] of [[sha, files] as const, [CONVERTED, converted ?? {}] as const]) {
    const start = `/datasets/${id}/resolve/${commit}/`;
    const found = path.startsWith(start) ? of[path.slice(start.length)] : undefined;
    if (found) return { status: 200, body: found };
  }
  return { status: 401, body: text({ error: 'Repository not found' }) };
}

/** In the place of `fetch`. */
export const hubOf =
  (parts: HubParts, asked: string[] = []): Ask =>
  (address) => {
    asked.push(address);
    const { status, code, body } = hubAnswer(parts, address);
    return Promise.resolve(
      new Response(body, { status, headers: code ? { 'x-error-code': code } : {} }),
    );
  };
