import { NOT_PRINTED, type Condition } from '../../state/paper/conditions.ts';
import type { Need } from '../../state/paper/needs.ts';

interface ConditionsProps {
  readonly conditions: readonly Condition[];
}

/** What differs, ours first, the paper's in brackets where it is printed. */
export function Conditions({ conditions }: ConditionsProps) {
  return (
    <ul className="paper-conditions">
      {conditions.map(({ what, paper, ours }) => (
        <li key={what}>
          {what}: <b>{ours}</b>
          {paper !== NOT_PRINTED && <span className="paper-theirs"> (paper: {paper})</span>}
        </li>
      ))}
    </ul>
  );
}

interface CommandsProps {
  readonly need: Need;
}

/** The commands that fill an empty place. */
export function Commands({ need }: CommandsProps) {
  if (need.commands.length === 0) return null;
  return (
    <details className="paper-commands">
      <summary>What it takes</summary>
      <pre tabIndex={0}>{need.commands.join('\n')}</pre>
    </details>
  );
}
