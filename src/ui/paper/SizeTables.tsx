import { overheadRows, type OverheadRow, type StorageRow } from '../../state/paper/sizes.ts';
import { flops, percent } from '../shared/format.ts';
import { mebibytes, megabytes } from './format.ts';
import { Scroller } from './Section.tsx';

/** Sizes that the paper prints beside those that the shapes give. */
export function StorageTable({ rows }: { readonly rows: readonly StorageRow[] }) {
  return (
    <Scroller label="Storage, the paper’s figures and ours">
      <table className="paper-table">
        <thead>
          <tr>
            <th scope="col">Network · dataset</th>
            <th scope="col">paper, “MB”</th>
            <th scope="col">recomputed</th>
            <th scope="col">the same</th>
            <th scope="col" className="paper-text">
              paper’s figure comes out as
            </th>
            <th scope="col">here</th>
            <th scope="col" className="paper-text">
              printed in
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <th scope="row">
                {row.title}
                <small>{row.what}</small>
              </th>
              <td className="paper-theirs">{row.printed}</td>
              <td className="paper-ours">{mebibytes(row.bytes)}</td>
              <td>{megabytes(row.bytes)}</td>
              <td className="paper-text">
                {row.reading ?? <b>it does not: neither MiB nor MB gives it</b>}
              </td>
              <td>{row.here === null ? '–' : megabytes(row.here)}</td>
              <td className="paper-text paper-theirs">{row.source}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroller>
  );
}

const overhead: readonly OverheadRow[] = overheadRows();

/** Cost of the distances beside the layers before them. */
export function OverheadTable() {
  return (
    <Scroller label="Overhead of the distances">
      <table className="paper-table">
        <thead>
          <tr>
            <th scope="col">Network · dataset</th>
            <th scope="col">paper</th>
            <th scope="col" className="paper-text">
              largest at
            </th>
            <th scope="col">distances</th>
            <th scope="col">layers before</th>
            <th scope="col">of the layers</th>
            <th scope="col">of both together</th>
            <th scope="col" className="paper-text">
              next largest
            </th>
            <th scope="col">all, of the network</th>
          </tr>
        </thead>
        <tbody>
          {overhead.map((row) => (
            <tr key={row.id} className={row.claimed ? '' : 'paper-extra'}>
              <th scope="row">
                {row.title}
                {!row.claimed && <small>not in the paper’s sentence</small>}
              </th>
              <td className="paper-theirs">{row.claimed ? '≤ 9 %' : '–'}</td>
              <td className="paper-text">{row.exit}</td>
              <td>{flops(row.distance)}</td>
              <td>{flops(row.stage)}</td>
              <td className="paper-ours">{percent(row.share)}</td>
              <td className="paper-ours">{percent(row.shareOfBoth)}</td>
              <td className="paper-text">
                {percent(row.next.share)} at {row.next.exit}
              </td>
              <td>{percent(row.total)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroller>
  );
}
