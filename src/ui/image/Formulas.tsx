import type { Formula } from '../../engine/client/types.ts';
import { confidence as digits } from '../shared/format.ts';
import './image.css';

interface FormulasProps {
  readonly lines: readonly Formula[];
  readonly classes: readonly string[];
}

/** How the exit comes to the number that is held against T, as its method has it. */
export function Formulas({ lines, classes }: FormulasProps) {
  return (
    <p className="formula">
      {lines.map(({ says, value, of }) => (
        <span key={says} className="formula-line">
          {says} = {digits(value)}
          {of !== undefined && ` for ${classes[of] ?? `class ${of}`}`}
        </span>
      ))}
    </p>
  );
}
