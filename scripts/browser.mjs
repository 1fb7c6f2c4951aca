/** Finds a Chromium to test and measure with; gets one when there is none. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from '@playwright/test';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

const macApplications = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

const isRoot = process.getuid?.() === 0;

/** Command-line flags: nothing is asked of the network, and a test that has no focus is not slowed down. */
export const browserFlags = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-sync',
  '--no-first-run',
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
  '--disable-backgrounding-occluded-windows',
  ...(isRoot ? ['--no-sandbox'] : []),
];

/** Flags that give a WebGPU adapter where there is no GPU: computed on the CPU, slow, but the same code. */
export const softwareWebGpuFlags = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

/** True when it starts: a stub that only says how to install the real thing does not. */
function works(path) {
  return spawnSync(path, ['--version'], { stdio: 'ignore', timeout: 30_000 }).status === 0;
}

function installed() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const candidates = [
    ...names.flatMap((name) => folders.map((folder) => join(folder, name))),
    ...(process.platform === 'darwin' ? macApplications : []),
  ];
  return candidates.find((path) => existsSync(path) && works(path)) ?? null;
}

function downloaded() {
  const path = chromium.executablePath();
  return path && existsSync(path) && works(path) ? path : null;
}

/**
 * Path of a browser that works here: OFFRAMP_CHROMIUM, an installed one, one that Playwright has downloaded before;
 * null when there is none.
 */
function findBrowser() {
  const named = process.env.OFFRAMP_CHROMIUM;
  if (!named) return installed() ?? downloaded();
  if (existsSync(named) && works(named)) return named;
  throw new Error(`OFFRAMP_CHROMIUM is “${named}”; expected the path of a Chromium that starts.`);
}

function attempt(command, args, timeout) {
  console.log(`$ ${command} ${args.join(' ')}`);
  return spawnSync(command, args, { stdio: 'inherit', timeout }).status === 0;
}

/** Like `findBrowser`, but downloads or installs one when there is none. Throws when that fails too. */
export function getBrowser() {
  const found = findBrowser();
  if (found) return found;
  console.log('No Chromium or Chrome was found; getting one.');
  attempt('npx', ['playwright', 'install', 'chromium'], 300_000);
  const fetched = downloaded();
  if (fetched) return fetched;
  if (isRoot && existsSync('/etc/debian_version')) {
    attempt('apt-get', ['update', '-qq'], 300_000);
    attempt('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], 600_000);
    const packaged = installed();
    if (packaged) return packaged;
  }
  throw new Error(
    'There is no browser to test with: install Chromium or Chrome, or name one in OFFRAMP_CHROMIUM.',
  );
}
