import { useTry, type Tried } from '../../state/try/store.ts';
import type { Spread } from '../../state/try/times.ts';
import { costWords } from '../shared/costWords.ts';
import { Panel } from '../shared/Panel.tsx';
import { milliseconds, ratio } from './words.ts';

/** The same image past the exits and through the plain network, both timed. */
export function ClockPanel() {
  const tried = useTry((state) => state.tried);
  return (
    <Panel
      title="Beside the plain network"
      why="clock"
      help="The same image both ways, one at a time, warm, on one worker, taking turns: medians, and the middle half of the rounds."
    >
      {tried ? <Clock tried={tried} /> : <p className="panel-help">Once an image was tried.</p>}
    </Panel>
  );
}

function Clock({ tried }: { readonly tried: Tried }) {
  const { trace, times, staged, stages, exits, plainLabel } = tried;
  const name = (k: number): string => trace.classes[k] ?? `class ${k}`;
  const label = staged.prediction[staged.exitOf[0]!]!;
  const asking = exits.reduce((sum, ms) => sum + ms, 0);
  const unspent = stages.plain.reduce((sum, ms, s) => sum + (staged.ran[s] === 0 ? ms : 0), 0);
  const share = trace.exits[staged.exitOf[0]!]!.flops / trace.networkFlops;
  const longest = Math.max(times.staged.median, times.plain.median);
  const row = (what: string, says: string, of: Spread) => (
    <tr>
      <th scope="row">{what}</th>
      <td>{says}</td>
      <td>{milliseconds(of.median)}</td>
      <td>
        {milliseconds(of.low)} – {milliseconds(of.high)}
      </td>
      <td className="clock-bar" aria-hidden="true">
        <span style={{ width: `${(100 * of.median) / longest}%` }} />
      </td>
    </tr>
  );
  return (
    <>
      <div className="table-scroll" tabIndex={0} role="group" aria-label="Times">
        <table className="clock">
          <thead>
            <tr>
              <th scope="col">
                <span className="visually-hidden">Way</span>
              </th>
              <th scope="col">label</th>
              <th scope="col">median</th>
              <th scope="col">middle half</th>
              <th scope="col" aria-hidden="true" />
            </tr>
          </thead>
          <tbody>
            {row('stops', name(label), times.staged)}
            {row('plain', name(plainLabel), times.plain)}
          </tbody>
        </table>
      </div>
      <p className="panel-help">
        {ratio(times.staged.median, times.plain.median)} the time, at {share.toFixed(2)}{' '}
        {costWords(trace).of}. {milliseconds(unspent)} of stages were not run; asking the exits took{' '}
        {milliseconds(asking)}
        {asking > unspent &&
          ', which is more than stopping saved: on a network this small, deciding costs what it spares'}
        . Each {times.staged.times} times.
      </p>
    </>
  );
}
