/** Why an exit is as sure as it is: what a method holds against T, as its formulas. */
export interface Why {
  /** One sentence. */
  readonly says: string;
  /** In the letters of docs/, from what an exit sees to what is held against T. */
  readonly formulas: readonly string[];
}
