/** Vite plugin: the service worker, with the list of what the build has published. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformWithOxc, type Plugin } from 'vite';
import { PICTURE } from './card.ts';

const SOURCE = fileURLToPath(new URL('../src/service-worker/sw.ts', import.meta.url));
const SERVICE_WORKER = 'sw.js';

/** Folders of data, which is kept when it is used and filled up when nothing else is to be done; the rest is the page. */
const DATA = ['runs/', 'networks/'];
/** What is kept first, so that a short visit leaves something that works: the index of the runs, and a live run on strokes. */
const FIRST = /^(runs\/(index|digests)\.json$|networks\/resnet18-w16-strokes\/)/;

/** SHA-256 in hex by path. */
type Files = Record<string, string>;

export function offline(): Plugin {
  let folder = 'dist';
  return {
    name: 'offramp-offline',
    apply: 'build',
    configResolved({ root, build }) {
      folder = resolve(root, build.outDir);
    },
    async closeBundle() {
      const code = await serviceWorker(filesOf(folder));
      writeFileSync(join(folder, SERVICE_WORKER), code);
    },
  };
}

/** What lies in a folder, but the service worker itself and the picture that other sites show. */
function filesOf(folder: string): Files {
  const files: Files = {};
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const path = relative(folder, file).split(sep).join('/');
    if (path === SERVICE_WORKER || path === PICTURE.file) continue;
    files[path] = createHash('sha256').update(readFileSync(file)).digest('hex');
  }
  return files;
}

/** The code of a service worker for these files: another file, another code, by which browsers know a new version. */
async function serviceWorker(files: Files): Promise<string> {
  const sorted = Object.keys(files).sort();
  const isFirst = (path: string): boolean => FIRST.test(path);
  const paths = [...sorted.filter(isFirst), ...sorted.filter((path) => !isFirst(path))];
  const pick = (isData: boolean): Files =>
    Object.fromEntries(
      paths
        .filter((path) => DATA.some((start) => path.startsWith(start)) === isData)
        .map((path) => [path, files[path]!]),
    );
  const shell = pick(false);
  const version = createHash('sha256').update(JSON.stringify(shell)).digest('hex').slice(0, 12);
  const { code } = await transformWithOxc(readFileSync(SOURCE, 'utf8'), SOURCE);
  const added = { SHELL: shell, DATA: pick(true), VERSION: version };
  const constants = Object.entries(added).map(
    ([name, value]) => `const ${name} = ${JSON.stringify(value)};`,
  );
  return `${constants.join('\n')}\n${code.replace(/^export \{\s*\};?$/m, '')}`;
}
