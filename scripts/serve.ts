/** The production build in dist/, served for as long as a script needs it. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page } from '@playwright/test';
import { preview } from 'vite';
import { browserFlags, getBrowser } from './browser.mjs';

export const root = fileURLToPath(new URL('..', import.meta.url));

export interface Served {
  /** Address of the page, ending in "/". */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves the build, or takes the server that OFFRAMP_URL names.
 * @throws Error when there is no build.
 */
export async function serve(): Promise<Served> {
  const running = process.env['OFFRAMP_URL'];
  if (running) return { url: running, close: async () => undefined };
  if (!existsSync(`${root}dist/index.html`))
    throw new Error('There is no build in dist/: run `npm run build` first.');
  // No mirror: what is measured and shown must not depend on the files of this machine.
  process.env['OFFRAMP_DATA'] = '';
  const server = await preview({ root, logLevel: 'warn', preview: { port: 0, host: '127.0.0.1' } });
  const url = server.resolvedUrls?.local[0];
  if (!url) throw new Error('The preview server has no address.');
  return { url, close: () => server.close() };
}

/** A browser with nothing remembered. */
export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: getBrowser(), args: [...browserFlags] });
}

/** Runs a function in the page before anything of the page's own. */
export async function before(page: Page, script: () => void): Promise<void> {
  // The TypeScript loader wraps functions in a helper of its own, which the page does not have.
  await page.addInitScript('globalThis.__name = (named) => named;');
  await page.addInitScript(script);
}
