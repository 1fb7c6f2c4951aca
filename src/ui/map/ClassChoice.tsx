import { later } from '../shared/later.tsx';

const ClassSearch = later<ClassChoiceProps>(
  28,
  () => import('./ClassSearch.tsx').then((module) => module.ClassSearch),
  'The search for a class',
);

/** Above this many classes a menu is searched by typing. */
const MENU_CLASSES = 20;

export interface ClassChoiceProps {
  readonly title: string;
  readonly names: readonly string[];
  /** Null for all. */
  readonly chosen: number | null;
  readonly onChoose: (chosen: number | null) => void;
}

/** One class or all: a menu, or of many classes a field that finds them by what is typed. */
export function ClassChoice(props: ClassChoiceProps) {
  const { title, names, chosen, onChoose } = props;
  if (names.length > MENU_CLASSES) return <ClassSearch {...props} />;
  return (
    <label className="field small">
      {title}
      <select
        value={chosen ?? ''}
        onChange={({ target: { value } }) => onChoose(value === '' ? null : Number(value))}
      >
        <option value="">all</option>
        {names.map((name, k) => (
          <option key={name} value={k}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
