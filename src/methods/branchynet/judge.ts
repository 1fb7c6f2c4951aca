/** BranchyNet exit by exit, in a worker. */
import { defineJudge } from '../contract/judge.ts';
import { branchyJudge } from '../parts/branches/judge.ts';

export const judge = defineJudge(branchyJudge);
