import type { NetworkRow, OurNetwork } from '../../state/paper/networks.ts';
import { count } from '../shared/format.ts';
import { Commands } from './Conditions.tsx';
import { Scroller } from './Section.tsx';

interface NetworksTableProps {
  readonly rows: readonly NetworkRow[];
}

/** Columns about our network. */
const OURS = 6;

/** The networks that everything below rests on: ours beside the paper's, or that ours is missing. */
export function NetworksTable({ rows }: NetworksTableProps) {
  return (
    <Scroller label="Table of the networks">
      <table className="paper-table paper-networks">
        <thead>
          <tr>
            <th scope="col">Network · dataset</th>
            <th scope="col" className="paper-text">
              in the paper
            </th>
            <th scope="col">paper’s best</th>
            <th scope="col" className="paper-first">
              ours, plain
            </th>
            <th scope="col">before quantisation</th>
            <th scope="col">epochs</th>
            <th scope="col">training images</th>
            <th scope="col" className="paper-text">
              weights
            </th>
            <th scope="col" className="paper-text">
              framework
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ id, title, used, best, ours, need }) => (
            <tr key={id}>
              <th scope="row">{title}</th>
              <td className="paper-text">{used}</td>
              <td className="paper-theirs">{best === null ? 'not printed' : `${best} %`}</td>
              {ours && <Ours network={ours} />}
              {!ours && (
                <td colSpan={OURS} className="paper-text paper-first paper-untrained">
                  <div>
                    <span className="paper-theirs">
                      {need ? 'not trained yet: its cells are empty' : 'its card is not loaded'}
                    </span>
                    {need && <Commands need={need} />}
                  </div>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroller>
  );
}

function Ours({ network }: { readonly network: OurNetwork }) {
  const { plain, before, epochs, trainImages, ofImages, weights, framework } = network;
  const part = ofImages !== null && trainImages < ofImages ? ` of ${count(ofImages)}` : '';
  return (
    <>
      <td className="paper-ours paper-first">{plain.toFixed(2)} %</td>
      <td>{before.toFixed(2)} %</td>
      <td>{epochs ?? 'not stated'}</td>
      <td>
        {count(trainImages)}
        {part}
      </td>
      <td className="paper-text">{weights}</td>
      <td className="paper-text">{framework}</td>
    </>
  );
}
