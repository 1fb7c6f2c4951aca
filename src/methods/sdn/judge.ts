/** SDN exit by exit, in a worker. */
import { defineJudge } from '../contract/judge.ts';
import { sdnJudge } from '../parts/classifiers/judge.ts';

export const judge = defineJudge(sdnJudge);
