// A worker thread does not inherit tsx, so it registers tsx itself before it loads TypeScript.
import { register } from 'tsx/esm/api';

register();
await import('./node-worker.ts');
