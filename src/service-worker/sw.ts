/**
 * The service worker. The page and its code are of one version, kept whole before it is used, and never of two. Recorded runs
 * and networks are kept by what they are: a file that another version publishes unchanged is not fetched again. Images of
 * datasets are not kept, nor is anything from elsewhere.
 */

/** Files of the build by their paths → SHA-256 in hex. */
type Files = Readonly<Record<string, string>>;

declare const self: ServiceWorkerGlobalScope;
/** What the build adds: the page and its code, and data that it may need. */
declare const SHELL: Files;
declare const DATA: Files;
declare const VERSION: string;

const PAGE = 'index.html';
const shellName = (version: string): string => `offramp-page ${version}`;
const DATA_NAME = 'offramp-data';
/** Hosts of old versions' caches that a tab may still run on: the one before. */
const KEPT_BEFORE = 1;

/** What a page asks of it. */
type Ask = 'take over' | 'fill' | 'empty';

const addressOf = (path: string): string => new URL(path, self.registration.scope).href;

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(activate()));
self.addEventListener('message', (event) => {
  const ask = event.data as Ask;
  if (ask === 'take over') event.waitUntil(self.skipWaiting());
  if (ask === 'fill') event.waitUntil(fill());
  if (ask === 'empty') event.waitUntil(caches.delete(DATA_NAME).then(tell));
});
self.addEventListener('fetch', (event) => {
  const answer = answerTo(event.request);
  if (answer) event.respondWith(answer);
});

/** The whole page, or nothing of it: a file that is not of this version ends the installation. */
async function install(): Promise<void> {
  const cache = await caches.open(shellName(VERSION));
  await Promise.all(
    Object.entries(SHELL).map(async ([path, digest]) => {
      const before = await caches.match(addressOf(path));
      if (before && (await isWhole(before.clone(), digest)))
        return cache.put(addressOf(path), before);
      const found = await whole(path, digest);
      if (!found) throw new Error(`${path} is not of version ${VERSION}.`);
      await cache.put(addressOf(path), found);
    }),
  );
}

async function activate(): Promise<void> {
  const pages = (await caches.keys()).filter((name) => name.startsWith(shellName('')));
  const old = pages.filter((name) => name !== shellName(VERSION));
  await Promise.all(old.slice(0, -KEPT_BEFORE).map((name) => caches.delete(name)));
  const data = await caches.open(DATA_NAME);
  const wanted = new Set(Object.entries(DATA).map(([path, digest]) => keyOf(path, digest)));
  for (const { url } of await data.keys()) if (!wanted.has(url)) await data.delete(url);
  await self.clients.claim();
}

/** Null for what is none of its business. */
function answerTo(request: Request): Promise<Response> | null {
  const { scope } = self.registration;
  if (request.method !== 'GET' || !request.url.startsWith(scope)) return null;
  const path = decodeURIComponent(
    new URL(request.url).pathname.slice(new URL(scope).pathname.length),
  );
  if (request.mode === 'navigate')
    return path === '' || path === PAGE ? ofPage(PAGE, request) : null;
  if (path in SHELL) return ofPage(path, request);
  const digest = DATA[path];
  if (digest !== undefined) return ofData(path, digest, request);
  // Code of the version before, for a tab that still runs on it.
  return path.startsWith('assets/') ? ofPage(path, request) : null;
}

async function ofPage(path: string, request: Request): Promise<Response> {
  const own = await caches.open(shellName(VERSION));
  const found = (await own.match(addressOf(path))) ?? (await caches.match(addressOf(path)));
  return found ?? fetch(request);
}

async function ofData(path: string, digest: string, request: Request): Promise<Response> {
  const cache = await caches.open(DATA_NAME);
  const key = keyOf(path, digest);
  // Whoever asks past caches has found that what it was given is damaged.
  const found = request.cache === 'reload' ? undefined : await cache.match(key);
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok) void keep(cache, key, answer.clone(), digest);
  return answer;
}

/** The same path with other content is another entry. */
const keyOf = (path: string, digest: string): string => `${addressOf(path)}?sha256=${digest}`;

async function keep(cache: Cache, key: string, answer: Response, digest: string): Promise<void> {
  try {
    if (await isWhole(answer.clone(), digest)) await cache.put(key, answer);
  } catch {
    // It broke off, or there is no room: it is fetched again when it is wanted again.
  }
}

/** Fetches what data is missing, one file after the other, and says how far it is. */
async function fill(): Promise<void> {
  const cache = await caches.open(DATA_NAME);
  for (const [path, digest] of Object.entries(DATA)) {
    const key = keyOf(path, digest);
    if (await cache.match(key)) continue;
    const found = await whole(path, digest);
    // Without a connection, or without room, the rest waits for the next visit.
    if (!found) break;
    try {
      await cache.put(key, found);
    } catch {
      break;
    }
  }
  await tell();
}

/** Says to all pages how many files of data are kept, of how many. */
async function tell(): Promise<void> {
  const cache = await caches.open(DATA_NAME);
  const kept = (await cache.keys()).length;
  const all = Object.keys(DATA).length;
  for (const client of await self.clients.matchAll({ includeUncontrolled: true }))
    client.postMessage({ kept, all });
}

/** A file as this version has published it; null where it does not come, or is another. */
async function whole(path: string, digest: string): Promise<Response | null> {
  try {
    for (const cache of ['default', 'reload'] as const) {
      const answer = await fetch(addressOf(path), { cache });
      if (answer.ok && (await isWhole(answer.clone(), digest))) return answer;
    }
  } catch {
    // Nobody answers.
  }
  return null;
}

async function isWhole(answer: Response, digest: string): Promise<boolean> {
  const found = await crypto.subtle.digest('SHA-256', await answer.arrayBuffer());
  const hex = Array.from(new Uint8Array(found), (byte) => byte.toString(16).padStart(2, '0'));
  return hex.join('') === digest;
}

// A module to the type checker alone: the build takes this line away.
export {};
