import { chooseAndRun } from '../../state/explore/run.ts';
import { EpochsField } from '../shared/EpochsField.tsx';

/** How many epochs a method may train: the paper's budgets, or any number. */
export function BudgetChoice({ epochs }: { readonly epochs: number }) {
  return (
    <label className="choice budget">
      <span>Epochs</span>
      <EpochsField
        epochs={epochs}
        onChoose={(chosen) => chooseAndRun({ epochs: chosen, source: 'auto' })}
      />
    </label>
  );
}
