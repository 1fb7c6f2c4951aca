/** Why an exit is as sure as it is: what a method holds against T, as its formulas. */
export interface Why {
  /** One sentence. */
  readonly says: string;
  /** What of it is our choice, where its papers leave it open: one sentence, for pages that hold it against others. */
  readonly ours?: string;
  /** In the letters of docs/, from what an exit sees to what is held against T. */
  readonly formulas: readonly string[];
}
