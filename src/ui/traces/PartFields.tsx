import type { TraceSplit } from '../../core/trace.ts';
import type { Axes, Fault, Item, PartAnswers, PartKind } from '../../data/traces/draft.ts';
import { DraftField, DraftSelect } from './DraftField.tsx';

const SPLITS: readonly (readonly [TraceSplit, string])[] = [
  ['test', 'test'],
  ['train', 'training'],
  ['holdout', 'held out for thresholds (validation)'],
];

const KINDS: readonly (readonly [PartKind, string])[] = [
  ['logits', 'logits'],
  ['probs', 'probabilities'],
  ['decisions', 'a prediction and a confidence'],
];

const AXES: readonly (readonly [Axes, string])[] = [
  ['exits first', 'exits, then images'],
  ['images first', 'images, then exits'],
];

const words = ({ name, shape, dtype }: Item): string => `${name} [${shape.join(', ')}] ${dtype}`;

/** Where the numbers of one split are. */
export function PartFields({
  at,
  part,
  items,
  isAlone,
  hasLabels,
  faults,
  onChange,
}: {
  readonly at: number;
  readonly part: PartAnswers;
  readonly items: readonly Item[];
  readonly isAlone: boolean;
  /** Whether true labels are needed. */
  readonly hasLabels: boolean;
  readonly faults: readonly Fault[];
  readonly onChange: (change: Partial<PartAnswers>) => void;
}) {
  const field = (name: keyof PartAnswers) => ({ name: `parts.${at}.${name}`, faults });
  const array = (
    name: 'scores' | 'prediction' | 'confidence' | 'labels',
    title: string,
    axes: number,
  ) => (
    <DraftField {...field(name)} title={title}>
      {(attributes) => (
        <DraftSelect
          attributes={attributes}
          value={part[name]}
          choices={items
            .filter(({ shape, dtype }) => shape.length === axes && dtype !== 'text')
            .map((item) => [item.id, words(item)] as const)}
          onChange={(id) => onChange({ [name]: id })}
        />
      )}
    </DraftField>
  );
  return (
    <fieldset className="draft-part">
      <legend>{isAlone ? 'The images' : `Images, part ${at + 1}`}</legend>
      {!isAlone && (
        <label className="draft-used">
          <input
            type="checkbox"
            checked={part.isUsed}
            onChange={(event) => onChange({ isUsed: event.target.checked })}
          />
          Open this part
        </label>
      )}
      {part.isUsed && (
        <>
          <DraftField {...field('split')} title="Which split it is">
            {(attributes) => (
              <DraftSelect
                attributes={attributes}
                value={part.split}
                choices={SPLITS}
                onChange={(split) => onChange({ split })}
              />
            )}
          </DraftField>
          <DraftField {...field('kind')} title="What there is of each exit">
            {(attributes) => (
              <DraftSelect
                attributes={attributes}
                value={part.kind}
                choices={KINDS}
                onChange={(kind) => onChange({ kind })}
              />
            )}
          </DraftField>
          {part.kind === 'decisions' ? (
            <>
              {array('prediction', 'Predictions', 2)}
              {array('confidence', 'Confidences', 2)}
            </>
          ) : (
            array('scores', 'Scores', 3)
          )}
          <DraftField {...field('axes')} title="Order of the axes">
            {(attributes) => (
              <DraftSelect
                attributes={attributes}
                value={part.axes}
                choices={AXES}
                onChange={(axes) => onChange({ axes })}
              />
            )}
          </DraftField>
          {hasLabels && array('labels', 'True labels', 1)}
        </>
      )}
    </fieldset>
  );
}
