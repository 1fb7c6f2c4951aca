import type { SearchName } from '../../core/run-index.ts';
import { chooseSearch, usePaperChoices } from '../../state/paper/choices.ts';

const searches: readonly { readonly id: SearchName; readonly title: string }[] = [
  { id: 'paper', title: 'the paper’s search' },
  { id: 'frontier', title: 'our frontier search' },
];

interface SearchChoiceProps {
  /** Of this set of radio buttons: every figure that depends on it has one, and all say the same. */
  readonly name: string;
}

/** Whose thresholds our numbers are made with. */
export function SearchChoice({ name }: SearchChoiceProps) {
  const chosen = usePaperChoices((state) => state.search);
  return (
    <fieldset className="paper-choice">
      <legend>Our thresholds from</legend>
      {searches.map(({ id, title }) => (
        <label key={id}>
          <input
            type="radio"
            name={`search-${name}`}
            checked={id === chosen}
            onChange={() => chooseSearch(id)}
          />
          {title}
        </label>
      ))}
    </fieldset>
  );
}
