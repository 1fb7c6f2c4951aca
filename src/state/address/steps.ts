/**
 * Which changes are steps that the browser's Back takes back: what a person chooses to see is one, a drag or a selection is
 * not, and nor is what the page corrects by itself.
 */
import { createStore } from 'zustand/vanilla';

const due = createStore(() => ({ isStep: false }));

/** A person has chosen something else to see: the address that is written next is a step. */
export const step = (): void => due.setState({ isStep: true });

/** Calls back after every step. */
export const followSteps = (stepped: () => void): void =>
  void due.subscribe(({ isStep }) => isStep && stepped());

/** Whether the address that is written now is a step; the one after it is none of its own. */
export function takeStep(): boolean {
  const { isStep } = due.getState();
  due.setState({ isStep: false });
  return isStep;
}
