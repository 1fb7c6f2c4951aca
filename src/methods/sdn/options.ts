/** SDN's options. */
import { choice } from '../../core/options/kinds.ts';
import { defaultsOf, type ValuesOf } from '../../core/options/schema.ts';
import { trainingOptions } from '../parts/options/training.ts';

const { featureMegabytes, ...images } = trainingOptions;

export const SDN_OPTIONS = {
  ...images,
  /**
   * An image that no internal classifier lets go takes the network's own output (E2CM's comparison), or the most
   * confident of all outputs (Kaya et al., released code).
   */
  unconfident: choice(
    'network',
    {
      network: 'the network’s own output',
      'most-confident': 'the most confident output (released code)',
    },
    {
      title: 'An image that no classifier lets go takes',
      help: 'Whose label an image has that no internal classifier is sure of.',
    },
  ),
  featureMegabytes,
};

export type SdnOptions = ValuesOf<typeof SDN_OPTIONS>;

export const SDN_DEFAULTS: SdnOptions = defaultsOf(SDN_OPTIONS);
