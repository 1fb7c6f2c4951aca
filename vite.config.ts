import { execFileSync } from 'node:child_process';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { card } from './scripts/card.ts';
import { mirror } from './scripts/mirror.ts';
import { offline } from './scripts/offline.ts';
import { policy } from './scripts/policy.ts';
import { numberScales } from './scripts/scales.ts';
import { supplement } from './scripts/supplement.ts';

/** Of what is built; outside of a repository nobody knows it. */
function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short=12', 'HEAD'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return 'unknown';
  }
}

export default defineConfig({
  define: { 'import.meta.env.VITE_COMMIT': JSON.stringify(commit()) },
  // Relative, so that a build works under any path of any static server.
  base: './',
  plugins: [react(), mirror(), numberScales(), policy(), card(), supplement(), offline()],
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    chunkSizeWarningLimit: 1500,
    rolldownOptions: {
      // What the page begins with is one file: forty small ones pack worse and are as many requests.
      output: { codeSplitting: { groups: [{ name: 'page', tags: ['$initial'] }] } },
    },
  },
});
