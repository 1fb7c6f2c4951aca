import type { Ref } from 'react';
import type { MatrixPanel } from '../../state/paper/figure1.ts';
import { matrixColours, type MatrixColours } from '../rail/matrix.ts';
import { percent } from '../shared/format.ts';
import { useTheme } from '../shared/useTheme.ts';
import { cssOf, matrixPaths, NAMED_CLASSES } from './matrixPaths.ts';
import '../shared/drawing.css';

interface MatrixFigureProps {
  readonly ref: Ref<SVGSVGElement>;
  readonly title: string;
  readonly subtitle: string;
  readonly panels: readonly MatrixPanel[];
  /** Under each exit's name: which layer it is. */
  readonly words: readonly string[];
  readonly classes: readonly string[];
}

const SIDE = 230;
const GAP = 26;
const HEAD = 36;
const TOP = 58;
const COLUMNS = 3;

/** Six matrices in two rows of three, left to right, top to bottom, as one drawing that can be taken away. */
export function MatrixFigure({ ref, title, subtitle, panels, words, classes }: MatrixFigureProps) {
  const colours = matrixColours(useTheme());
  const named = classes.length <= NAMED_CLASSES;
  const longest = named ? Math.max(...classes.map((name) => name.length)) : 0;
  const margin = 26 + 6 * longest;
  const rows = Math.ceil(panels.length / COLUMNS);
  const width = margin + COLUMNS * SIDE + (COLUMNS - 1) * GAP + 8;
  const bottom = TOP + rows * (HEAD + SIDE) + (rows - 1) * GAP;
  const legend = bottom + 6 * longest + 44;
  return (
    <svg
      ref={ref}
      className="drawing paper-figure"
      viewBox={`0 0 ${width} ${legend + 26}`}
      role="img"
      aria-label={`${title}. ${subtitle}`}
    >
      <text className="drawing-heading" x={8} y={22}>
        {title}
      </text>
      <text className="drawing-note" x={8} y={40}>
        {subtitle}
      </text>
      {panels.map((panel, n) => {
        const [row, column] = [Math.floor(n / COLUMNS), n % COLUMNS];
        const x = margin + column * (SIDE + GAP);
        const y = TOP + row * (HEAD + SIDE + GAP);
        return (
          <g key={panel.exit} transform={`translate(${x} ${y})`}>
            <text className="drawing-title" y={14}>
              {panel.name}
            </text>
            <text className="drawing-title" x={SIDE} y={14} textAnchor="end">
              {percent(panel.accuracy)} right
            </text>
            <text className="drawing-note" y={29}>
              {words[n]}
            </text>
            <text className="drawing-note" x={SIDE} y={29} textAnchor="end">
              cost {panel.cost.toFixed(3)}
            </text>
            <g transform={`translate(0 ${HEAD})`}>
              <Matrix panel={panel} k={classes.length} colours={colours} />
              {named && column === 0 && <RowNames classes={classes} />}
              {named && row === rows - 1 && <ColumnNames classes={classes} />}
            </g>
          </g>
        );
      })}
      <text
        className="drawing-note"
        textAnchor="middle"
        transform={`translate(14 ${(TOP + bottom) / 2}) rotate(-90)`}
      >
        true class
      </text>
      <text
        className="drawing-note"
        textAnchor="middle"
        x={margin + (COLUMNS * SIDE + 2 * GAP) / 2}
        y={legend - 18}
      >
        predicted class
      </text>
      <Legend x={margin} y={legend} colours={colours} />
    </svg>
  );
}

interface MatrixProps {
  readonly panel: MatrixPanel;
  readonly k: number;
  readonly colours: MatrixColours;
}

function Matrix({ panel, k, colours }: MatrixProps) {
  return (
    <>
      <rect width={SIDE} height={SIDE} fill={cssOf(colours.wrong[0]!)} />
      <g transform={`scale(${SIDE / k})`}>
        {matrixPaths(panel.counts, k, colours).map(({ key, fill, d }) => (
          <path key={key} fill={fill} d={d} />
        ))}
      </g>
    </>
  );
}

function RowNames({ classes }: { readonly classes: readonly string[] }) {
  const cell = SIDE / classes.length;
  return classes.map((name, k) => (
    <text key={name} className="drawing-note" x={-6} y={(k + 0.5) * cell + 4} textAnchor="end">
      {name}
    </text>
  ));
}

function ColumnNames({ classes }: { readonly classes: readonly string[] }) {
  const cell = SIDE / classes.length;
  return classes.map((name, k) => (
    <text
      key={name}
      className="drawing-note"
      textAnchor="end"
      transform={`translate(${(k + 0.5) * cell + 4} ${SIDE + 6}) rotate(-90)`}
    >
      {name}
    </text>
  ));
}

const SWATCHES = 24;

interface LegendProps {
  readonly x: number;
  readonly y: number;
  readonly colours: MatrixColours;
}

/** Both scales, from none of the true class to all of it. */
function Legend({ x, y, colours }: LegendProps) {
  const scales = [
    { words: 'right', scale: colours.right, at: x },
    { words: 'wrong', scale: colours.wrong, at: x + 380 },
  ];
  return scales.map(({ words, scale, at }) => (
    <g key={words} transform={`translate(${at} ${y})`}>
      {Array.from({ length: SWATCHES }, (_, n) => (
        <rect
          key={n}
          x={n * 6}
          width={6}
          height={10}
          fill={cssOf(scale[Math.round((n / (SWATCHES - 1)) * (scale.length - 1))]!)}
        />
      ))}
      <text className="drawing-note" x={SWATCHES * 6 + 8} y={9}>
        {words}, 0–100 % of the true class
      </text>
    </g>
  ));
}
