/** E2CM's options: where the paper and the released code differ, both are there. */
import { choice } from '../../core/options/kinds.ts';
import { defaultsOf, type ValuesOf } from '../../core/options/schema.ts';
import { imageOptions } from '../parts/options/images.ts';

export const E2CM_OPTIONS = {
  /** Label: argmax of softmax(−d/m) (paper, eq. 7), or argmin of the raw distance (released code). */
  label: choice(
    'normalised',
    {
      normalised: 'nearest after normalising (paper, eq. 7)',
      raw: 'nearest raw distance (released code)',
    },
    { title: 'Label of an exit', help: 'By which distance the nearest class mean is the nearest.' },
  ),
  /** Last exit: the network's own argmax (paper), or the nearest class mean on the logits (released code). */
  lastExit: choice(
    'network',
    {
      network: 'the network’s own output (paper)',
      'nearest-mean': 'nearest class mean of the logits (released code)',
    },
    { title: 'Last exit', help: 'Who labels the images that no exit before lets go.', key: 'last' },
  ),
  ...imageOptions,
  trainImages: { ...imageOptions.trainImages, title: 'Training images for the class means' },
};

export type E2cmOptions = ValuesOf<typeof E2CM_OPTIONS>;

export const E2CM_DEFAULTS: E2cmOptions = defaultsOf(E2CM_OPTIONS);
