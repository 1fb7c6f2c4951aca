import { defineConfig } from '@playwright/test';
import { browserFlags, getBrowser, softwareWebGpuFlags } from './scripts/browser.mjs';

/** The test processes read this file too: they get the port and the browser from the first one. */
const port = (process.env['OFFRAMP_PORT'] ??= String(41_000 + (process.pid % 4000)));
const executablePath = (process.env['OFFRAMP_CHROMIUM'] ??= getBrowser());

/** Tests of the production build: `npm run build` first, or name a running server in OFFRAMP_URL. */
const server = process.env['OFFRAMP_URL'];
const baseURL = server ?? `http://localhost:${port}/`;

export default defineConfig({
  testDir: 'e2e',
  fullyParallel: true,
  forbidOnly: true,
  // Every page computes on all cores already.
  workers: 2,
  // Two browsers that compute on all cores: a minute on a quiet machine may be two on a busy one.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  use: {
    baseURL,
    // What a test routes must not be answered from a cache: the tests of that alone allow them.
    serviceWorkers: 'block',
    viewport: { width: 1440, height: 900 },
    permissions: ['clipboard-read', 'clipboard-write'],
    // Drawing on the processor itself is quicker than through a graphics card that it pretends to be.
    launchOptions: { executablePath, args: [...browserFlags, '--disable-gpu'] },
  },
  projects: [
    { name: 'cpu', testIgnore: '**/webgpu.spec.ts' },
    {
      name: 'webgpu',
      testMatch: '**/webgpu.spec.ts',
      use: {
        launchOptions: { executablePath, args: [...browserFlags, ...softwareWebGpuFlags] },
      },
    },
  ],
  ...(server
    ? {}
    : {
        webServer: {
          command: `npx vite preview --port ${port} --strictPort`,
          url: baseURL,
          // No mirror: what a test sees must not depend on the files of this machine.
          env: { OFFRAMP_DATA: '' },
        },
      }),
});
