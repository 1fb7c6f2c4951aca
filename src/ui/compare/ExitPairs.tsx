import type { Comparison } from '../../state/compare/disagree.ts';
import { count } from '../shared/format.ts';

interface ExitPairsProps {
  readonly comparison: Comparison;
  readonly names: readonly string[];
  readonly chosen: readonly [number, number] | null;
  readonly onChoose: (exits: readonly [number, number]) => void;
}

/** How many images leave at an exit of the first and an exit of the second; a darker cell holds more. */
export function ExitPairs({ comparison, names, chosen, onChoose }: ExitPairsProps) {
  const { first, second, found } = comparison;
  const columns = second.trace.exits.length;
  const most = Math.max(1, ...found.exits);
  return (
    <div className="table-scroll" tabIndex={0} role="group" aria-label="Images by where they leave">
      <table className="exit-pairs">
        <caption>
          rows: where an image leaves with {names[0]}; columns: with {names[1]}
        </caption>
        <thead>
          <tr>
            <td />
            {second.trace.exits.map(({ name }) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {first.trace.exits.map(({ name }, a) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {second.trace.exits.map(({ name: other }, b) => {
                const place = a * columns + b;
                const images = found.exits[place]!;
                const share = Math.sqrt(images / most);
                return (
                  <td key={other}>
                    {images > 0 && (
                      <button
                        type="button"
                        aria-pressed={chosen?.[0] === a && chosen[1] === b}
                        aria-label={`${count(images)} images leave at ${name} and ${other}`}
                        title={`only ${names[0]} right: ${count(found.onlyFirst[place]!)}, only ${names[1]} right: ${count(found.onlySecond[place]!)}`}
                        style={{
                          background: `color-mix(in srgb, var(--accent) ${Math.round(share * 45)}%, transparent)`,
                        }}
                        onClick={() => onChoose([a, b])}
                      >
                        {count(images)}
                      </button>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
