/**
 * The page that replays one run from a file, built into a single HTML file: its script and its sheet are inside, so that it
 * opens from a disk. The build publishes it as supplement.template, the command line makes it for itself.
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { build, type Plugin } from 'vite';

const FOLDER = fileURLToPath(new URL('../src/ui/supplement/', import.meta.url));

/** Not .html: what a host answers in HTML where a file was asked for is taken for its page of errors. */
const SUPPLEMENT = 'supplement.template';

/** @throws Error when the build gives anything but one script and one sheet. */
export async function buildSupplement(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    plugins: [react()],
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      target: 'es2022',
      cssCodeSplit: false,
      lib: { entry: `${FOLDER}main.tsx`, formats: ['iife'], name: 'offramp', cssFileName: 'page' },
    },
  });
  const outputs = (Array.isArray(built) ? built : [built]).flatMap((one) =>
    'output' in one ? one.output : [],
  );
  const [script, ...scripts] = outputs.flatMap((one) => (one.type === 'chunk' ? [one.code] : []));
  const [sheet, ...others] = outputs.flatMap((one) => (one.type === 'asset' ? [one.source] : []));
  if (script === undefined || sheet === undefined || scripts.length + others.length > 0)
    throw new Error(
      `The supplement is built into ${outputs.length} files; expected one script and one sheet: nothing of it may be fetched later.`,
    );
  const page = await readFile(`${FOLDER}index.html`, 'utf8');
  // A script ends at the first such tag, wherever it stands.
  const safe = script.replaceAll('</script', String.raw`<\/script`);
  return page
    .replace('<!--style-->', () => `<style>${String(sheet)}</style>`)
    .replace('<!--script-->', () => `<script>${safe}</script>`);
}

/** Vite plugin: publishes it beside the page, and serves it in development. */
export function supplement(): Plugin {
  let isBuild = false;
  return {
    name: 'offramp-supplement',
    configResolved: ({ command }) => {
      isBuild = command === 'build';
    },
    async generateBundle() {
      if (isBuild)
        this.emitFile({ type: 'asset', fileName: SUPPLEMENT, source: await buildSupplement() });
    },
    configureServer({ middlewares }) {
      middlewares.use(`/${SUPPLEMENT}`, (_request, response, next) => {
        buildSupplement().then(
          (page) => response.setHeader('content-type', 'text/plain').end(page),
          next,
        );
      });
    },
  };
}
