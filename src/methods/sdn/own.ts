/** What this folder's half in the workers has, to be asked for by name. */
import { asks } from '../contract/worker.ts';
import type * as judged from './judge.ts';
import type * as half from './worker.ts';

export const own = asks<typeof half & typeof judged>('sdn');
