/** E2CM exit by exit, in a worker. */
import { defineJudge } from '../contract/judge.ts';
import { meansJudge } from '../parts/means/judge.ts';

export const judge = defineJudge(meansJudge);
