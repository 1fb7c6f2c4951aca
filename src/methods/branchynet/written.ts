/** How BranchyNet's exits decide. */
import type { WrittenExit } from '../contract/written.ts';
import type { BranchyFitted } from '../parts/branches/decide.ts';
import { logitsJudge, networkJudge } from '../parts/written.ts';

export const branchyWritten = ({ exits }: Pick<BranchyFitted, 'exits'>): WrittenExit[] =>
  exits.map((exit, branch) => ({
    ...exit,
    judges: [
      branch === exits.length - 1
        ? networkJudge({ kind: 'entropy' })
        : logitsJudge({ from: 'branch', branch }, { kind: 'entropy' }),
    ],
    agreement: null,
  }));
