/** The judges that are open in a worker, and inference past them. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { JudgeContext } from '../../methods/contract/judge.ts';
import type { Network } from '../../network/network.ts';
import type { Driven } from '../driven.ts';
import type { Requests } from '../protocol.ts';
import { drive, plainJudge, type OpenJudge } from './drive.ts';
import { fetched } from './halves.ts';

export class Judges {
  private readonly judges = new Map<number, OpenJudge>();

  /** A method's judge is in `judge.ts` of the folder that has its id for a name. @throws Error when that does not come. */
  async open(
    { judge: id, judging, classes }: Requests['judge']['request'],
    network: Network,
  ): Promise<void> {
    const { method, parameters, exits, pairing } = judging;
    const found = await fetched(method, () => import(`../../methods/${method}/judge.ts`));
    const branch: JudgeContext['branch'] = (b, x) => network.logitsOfBranch(b, x);
    const judge = found.judge!.open({ classes, branch }, parameters);
    this.judges.set(id, { judge, classes, exits, ...(pairing && { pairing }) });
  }

  /** @param x images as the network is fed. @throws Error with a sentence when the policy is not for these exits. */
  async drive(
    { judge: id, policy, repeats }: Requests['drive']['request'],
    network: Network,
    x: Tensor,
  ): Promise<Driven> {
    const through = id === null ? plainJudge(network) : this.judges.get(id);
    if (!through) throw new Error(`Judge ${id} is not open in this worker.`);
    return drive(network, x, through, policy, repeats);
  }

  close(id: number): void {
    this.judges.get(id)?.judge.dispose();
    this.judges.delete(id);
  }

  /** They are of a network that has gone. */
  clear(): void {
    for (const id of [...this.judges.keys()]) this.close(id);
  }
}
