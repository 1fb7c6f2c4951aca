import type { NetworkRow } from '../../state/paper/networks.ts';
import { Commands, Conditions } from './Conditions.tsx';
import { Scroller } from './Section.tsx';

interface NetworksTableProps {
  readonly rows: readonly NetworkRow[];
}

/** The networks that everything below rests on: ours beside the paper's, or that ours is missing. */
export function NetworksTable({ rows }: NetworksTableProps) {
  return (
    <Scroller label="The networks">
      <table className="paper-table paper-networks">
        <thead>
          <tr>
            <th scope="col">Network · dataset</th>
            <th scope="col" className="paper-text">
              In the paper
            </th>
            <th scope="col" className="paper-text">
              Ours
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ id, title, used, conditions, need }) => (
            <tr key={id}>
              <th scope="row">{title}</th>
              <td className="paper-text">{used}</td>
              <td className="paper-text">
                {need ? (
                  <>
                    <p className="paper-theirs">not trained yet: its cells are empty</p>
                    <Commands need={need} />
                  </>
                ) : (
                  <Conditions conditions={conditions} />
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroller>
  );
}
