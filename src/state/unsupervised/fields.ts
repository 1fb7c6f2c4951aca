/** The numbers that a person may type on the Unsupervised page, read with a sentence for what is none. */
import { MAX_IMAGES, MAX_SEED } from '../settings.ts';
import { CLUSTER_LIMITS, type ClusterChoices } from './choices.ts';

export type NumberChoice = {
  [Key in keyof ClusterChoices]: ClusterChoices[Key] extends number ? Key : never;
}[keyof ClusterChoices];

export interface NumberField {
  readonly name: NumberChoice;
  readonly label: string;
  /** One line: what the number does. */
  readonly help: string;
  readonly least: number;
  readonly most: number;
  /** What an empty field, or 0, stands for; null where there must be a number. */
  readonly none: string | null;
}

const field = (
  name: NumberChoice,
  label: string,
  help: string,
  [least, most]: readonly [number, number],
  none: string | null = null,
): NumberField => ({ name, label, help, least, most, none });

const images = [1, MAX_IMAGES] as const;

export const numberFields: readonly NumberField[] = [
  field('trainImages', 'Training images', 'The first so many are clustered.', images, 'all'),
  field('testImages', 'Test images', 'They are clustered along with the others.', images, 'all'),
  field(
    'clusters',
    'Clusters, K',
    'How many groups are looked for.',
    CLUSTER_LIMITS.clusters,
    'one a class',
  ),
  field(
    'epochs',
    'Pretraining, epochs',
    'Passes over all images in which the encoder learns to keep what redraws them.',
    CLUSTER_LIMITS.epochs,
  ),
  field(
    'refineSteps',
    'Refinement, steps at most',
    'It ends sooner once fewer than 0.1 % of the images change their cluster.',
    CLUSTER_LIMITS.refineSteps,
  ),
  field(
    'interval',
    'Steps between targets',
    'How long the encoder follows one set of targets.',
    CLUSTER_LIMITS.interval,
  ),
  field('batch', 'Images a step', 'More are steadier and slower.', CLUSTER_LIMITS.batch),
  field(
    'refineBatch',
    'Images a refinement step',
    'More flicker less between clusters.',
    CLUSTER_LIMITS.refineBatch,
  ),
  field('seed', 'Seed', 'The same seed gives the same run on the same backend.', [0, MAX_SEED]),
];

/** What a person wrote, or the sentence that says what was expected and what came. */
export function readField(
  { label, least, most, none }: NumberField,
  text: string,
): number | string {
  const written = text.trim();
  if (none !== null && (written === '' || written === '0')) return 0;
  const value = Number(written);
  if (written !== '' && Number.isInteger(value) && value >= least && value <= most) return value;
  const came = written === '' ? 'nothing' : `“${written.slice(0, 20)}”`;
  const empty = none === null ? '' : `, or nothing for ${none}`;
  return `${label}: expected a whole number from ${least} to ${most}${empty}; ${came} came.`;
}
