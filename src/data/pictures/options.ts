/** What can be chosen of how pictures become images. */
import { choice, share } from '../../core/options/kinds.ts';

/** How a picture of another shape comes to be square. */
export type Fit = 'crop' | 'stretch' | 'pad';

export const FITS: Readonly<Record<Fit, string>> = {
  crop: 'cut to the square in the middle',
  stretch: 'stretched to a square',
  pad: 'padded with black to a square',
};

export const PICTURE_OPTIONS = {
  fit: choice<Fit>('crop', FITS, {
    title: 'Pictures that are not square',
    help: 'How a picture of another shape comes to fit the network.',
  }),
  /** Of every class; drawn by the seed. */
  testShare: share(0.2, 0.9, {
    title: 'For test',
    help: 'Share of every class that is tested on and not learnt from, drawn by the seed under Options, where no folder says it.',
    offers: [0.1, 0.2, 0.3, 0.5],
    words: (kept) => `${Math.round(100 * kept)} % of every class`,
    key: 'share',
  }),
};
