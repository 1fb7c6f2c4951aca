import type { Case } from '../../state/paper/findings/cases.ts';
import { COSTS } from '../../state/paper/findings/duel.ts';
import { tallyOf, type Finding } from '../../state/paper/findings/findings.ts';
import type { Verdict } from '../../state/paper/findings/verdict.ts';
import { points } from '../shared/format.ts';
import { Scroller } from './Section.tsx';

/** The paper's sentences about its results, each with what came here, why, and everything it was held against. */
export function Findings({ findings }: { readonly findings: readonly Finding[] }) {
  return (
    <ol className="findings">
      {findings.map((finding) => (
        <FindingItem key={finding.id} finding={finding} />
      ))}
    </ol>
  );
}

function FindingItem({ finding }: { readonly finding: Finding }) {
  const { quote, source, test, verdict, reason, cases } = finding;
  return (
    <li className="finding">
      <div className="finding-said">
        <p>“{quote}”</p>
        <p className="paper-theirs">{source}</p>
      </div>
      <div className="finding-came">
        <p>
          <VerdictWords verdict={verdict} words={OVERALL[verdict]} /> <TallyWords {...finding} />
        </p>
        {verdict !== 'open' && reason && <p>{reason}</p>}
      </div>
      <details>
        <summary>What it was held against</summary>
        <p className="paper-note">{test}</p>
        <CaseTable cases={cases} label={quote} />
      </details>
    </li>
  );
}

const OVERALL: Readonly<Record<Verdict, string>> = {
  holds: 'Holds',
  'in-part': 'Holds in part',
  level: 'Level',
  fails: 'Does not hold',
  open: 'Not recorded yet',
};

const MARKS: Readonly<Record<Verdict, string>> = {
  holds: '✓',
  'in-part': '◐',
  level: '=',
  fails: '✕',
  open: '·',
};

/** Told by its word and its mark, not by its colour alone. */
function VerdictWords({ verdict, words }: { readonly verdict: Verdict; readonly words: string }) {
  return (
    <b className={`finding-verdict finding-${verdict}`}>
      <span aria-hidden="true">{MARKS[verdict]}</span> {words}
    </b>
  );
}

/** How many comparisons there are, and how they came out; of a single one what was found. */
function TallyWords({ papers, besides }: Pick<Finding, 'papers' | 'besides'>) {
  const [paper, beside] = [tallyOf(papers), tallyOf(besides)];
  if (papers.length + besides.length === 1) return <>{papers[0]?.found}</>;
  return (
    <span className="finding-tally">
      {paper.recorded} of the paper’s {paper.all} comparisons recorded
      {paper.words && `: ${paper.words}`}
      {beside.recorded > 0 && `. Beside them ${beside.recorded}: ${beside.words}`}.
    </span>
  );
}

interface CaseTableProps {
  readonly cases: readonly Case[];
  readonly label: string;
}

function CaseTable({ cases, label }: CaseTableProps) {
  const known = cases.filter(({ verdict, found }) => verdict !== 'open' || found);
  const unknown = cases.filter((one) => one.inPaper && !known.includes(one));
  const isOfGains = cases.some(({ gains }) => gains !== null);
  return (
    <>
      {known.length > 0 && (
        <Scroller label={`Comparisons: ${label}`}>
          <table className="paper-table finding-cases">
            <thead>
              <tr>
                <th scope="col">Network · dataset</th>
                <th scope="col" className="paper-text">
                  Verdict
                </th>
                {isOfGains ? (
                  COSTS.map((cost) => (
                    <th key={cost} scope="col">
                      at {cost.toFixed(2)}
                    </th>
                  ))
                ) : (
                  <th scope="col" className="paper-text">
                    Found
                  </th>
                )}
              </tr>
            </thead>
            <tbody>
              {known.map((one) => (
                <CaseRow key={one.title} one={one} />
              ))}
            </tbody>
          </table>
        </Scroller>
      )}
      {unknown.length > 0 && (
        <p className="paper-note">
          In the paper and not recorded yet: {unknown.map(({ title }) => title).join('; ')}.
        </p>
      )}
    </>
  );
}

function CaseRow({ one }: { readonly one: Case }) {
  const { title, inPaper, gains, found, verdict } = one;
  return (
    <tr className={inPaper ? '' : 'paper-extra'}>
      <th scope="row">
        {title}
        {!inPaper && <small>not in the paper</small>}
      </th>
      <td className="paper-text">
        <VerdictWords verdict={verdict} words={CASE[verdict]} />
      </td>
      {gains ? (
        gains.map(({ cost, gain, missing }) =>
          gain ? (
            <td key={cost} className="paper-ours">
              {points(gain.accuracy)}
              {gain.spread !== null && ` ± ${gain.spread.toFixed(1)}`}
            </td>
          ) : (
            <td key={cost} className="paper-empty">
              <span aria-hidden="true">–</span>
              <span className="visually-hidden">{missing}</span>
            </td>
          ),
        )
      ) : (
        <td className="paper-text">{found}</td>
      )}
    </tr>
  );
}

const CASE: Readonly<Record<Verdict, string>> = {
  holds: 'holds',
  'in-part': 'in part',
  level: 'level',
  fails: 'does not hold',
  open: 'cannot be told by this',
};
