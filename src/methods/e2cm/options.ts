/** E2CM's options: where the paper and the released code differ, both are there. */

export interface E2cmOptions {
  /** Label: argmax of softmax(−d/m) (paper, eq. 7), or argmin of the raw distance (released code). */
  readonly label: 'normalised' | 'raw';
  /** Last exit: the network's own argmax (paper), or the nearest class mean on the logits (released code). */
  readonly lastExit: 'network' | 'nearest-mean';
  /** How many training images make the means and normalisers, the first n of the split; 0 = all. */
  readonly trainImages: number;
  /**
   * Share of those images, the last ones, that make no mean and no normaliser and are traced for choosing thresholds
   * instead; 0 = none, as in the paper. At most 0.5.
   */
  readonly holdout: number;
}

export const E2CM_DEFAULTS: E2cmOptions = {
  label: 'normalised',
  lastExit: 'network',
  trainImages: 0,
  holdout: 0,
};
