/** E2CM's options: where the paper and the released code differ, both are there. */
import type { ImageOptions } from '../run/images.ts';

export interface E2cmOptions extends ImageOptions {
  /** Label: argmax of softmax(−d/m) (paper, eq. 7), or argmin of the raw distance (released code). */
  readonly label: 'normalised' | 'raw';
  /** Last exit: the network's own argmax (paper), or the nearest class mean on the logits (released code). */
  readonly lastExit: 'network' | 'nearest-mean';
}

export const E2CM_DEFAULTS: E2cmOptions = {
  label: 'normalised',
  lastExit: 'network',
  trainImages: 0,
  holdout: 0,
};
