import { rules, sense, type Rule } from '../../core/policy.ts';
import { MEASURES, type Measure } from '../../core/scores.ts';
import { COST_UNITS, type Answers, type Fault, type Predicted } from '../../data/traces/draft.ts';
import { DraftField, DraftSelect } from './DraftField.tsx';
import { ruleMeanings } from './ruleMeanings.ts';

const measures = Object.keys(MEASURES) as readonly Measure[];

const PREDICTED: readonly (readonly [Predicted, string])[] = [
  ['classes', 'classes'],
  ['clusters', 'clusters, to be named after the classes of the labels'],
  ['unlabelled', 'clusters, of which no class is known'],
];

const COST_WORDS: Readonly<Partial<Record<(typeof COST_UNITS)[number], string>>> = {
  MACs: 'multiply-accumulates',
  ms: 'milliseconds',
  mJ: 'millijoules',
  relative: 'shares of the plain network',
};

/** What all splits have in common. */
export function CommonFields({
  answers,
  faults,
  onChange,
}: {
  readonly answers: Answers;
  readonly faults: readonly Fault[];
  readonly onChange: (change: Partial<Answers>) => void;
}) {
  const used = answers.parts.filter(({ isUsed }) => isUsed);
  const isDecided = used.some(({ kind }) => kind === 'decisions');
  const text = (
    name: 'dataset' | 'network' | 'method' | 'unit' | 'costs' | 'plainCost' | 'classes' | 'exits',
    title: string,
    { help, placeholder }: { help?: string; placeholder?: string } = {},
  ) => (
    <DraftField name={name} faults={faults} title={title} {...(help && { help })}>
      {(attributes) => (
        <input
          {...attributes}
          value={answers[name]}
          placeholder={placeholder}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => onChange({ [name]: event.target.value })}
        />
      )}
    </DraftField>
  );
  return (
    <fieldset className="draft-part">
      <legend>The network and its exits</legend>
      {text('dataset', 'Dataset')}
      {text('network', 'Network')}
      {text('method', 'Method', { placeholder: isDecided ? 'confidence' : answers.measure })}
      <DraftField name="predicted" faults={faults} title="What is predicted">
        {(attributes) => (
          <DraftSelect<Predicted>
            attributes={attributes}
            value={answers.predicted}
            choices={PREDICTED}
            onChange={(predicted) => onChange({ predicted })}
          />
        )}
      </DraftField>
      {isDecided ? (
        <>
          <DraftField name="rule" faults={faults} title="An image leaves where its confidence is">
            {(attributes) => (
              <DraftSelect<Rule>
                attributes={attributes}
                value={answers.rule}
                choices={rules.map((rule) => [
                  rule,
                  `${sense(rule).symbol} T: ${ruleMeanings[rule]}`,
                ])}
                onChange={(rule) => onChange({ rule })}
              />
            )}
          </DraftField>
          {text('unit', 'What the confidence is', { placeholder: 'confidence' })}
        </>
      ) : (
        <DraftField
          name="measure"
          faults={faults}
          title="Confidence from the scores"
          help={`After ${MEASURES[answers.measure].source}.`}
        >
          {(attributes) => (
            <DraftSelect<Measure>
              attributes={attributes}
              value={answers.measure}
              choices={measures.map((one) => [
                one,
                `${MEASURES[one].name} ${sense(MEASURES[one].rule).symbol} T`,
              ])}
              onChange={(measure) => onChange({ measure })}
            />
          )}
        </DraftField>
      )}
      {text('costs', 'Cost of leaving at each exit', {
        help: 'Cumulative, from the first exit to the last, with commas between them.',
        placeholder: '0.2, 0.5, 1',
      })}
      <DraftField name="costUnit" faults={faults} title="Unit of the costs">
        {(attributes) => (
          <DraftSelect
            attributes={attributes}
            value={answers.costUnit}
            choices={COST_UNITS.map((unit) => [unit, COST_WORDS[unit] ?? unit] as const)}
            onChange={(costUnit) => onChange({ costUnit })}
          />
        )}
      </DraftField>
      {answers.costUnit !== 'relative' && (
        <>
          <DraftField
            name="isLastPlain"
            faults={faults}
            title="Is the last exit the plain network?"
          >
            {(attributes) => (
              <DraftSelect<'yes' | 'no'>
                attributes={attributes}
                value={answers.isLastPlain}
                choices={[
                  ['yes', 'yes: its cost is that of the network without exits'],
                  ['no', 'no: the network without exits costs'],
                ]}
                onChange={(isLastPlain) => onChange({ isLastPlain })}
              />
            )}
          </DraftField>
          {answers.isLastPlain === 'no' && text('plainCost', 'Cost of the plain network')}
        </>
      )}
      {text('classes', 'Names of the classes', { placeholder: '0, 1, 2, …' })}
      {text('exits', 'Names of the exits', { placeholder: 'exit 1, exit 2, …' })}
    </fieldset>
  );
}
