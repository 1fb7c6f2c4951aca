/** What can be asked why. */
export type WhyId =
  | 'exits'
  | 'curve'
  | 'image'
  | 'training'
  | 'picture'
  | 'stages'
  | 'clock'
  | 'batch'
  | 'compare'
  | 'budget'
  | 'disagree'
  | 'clusters';
