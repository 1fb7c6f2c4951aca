/** How each method is spoken of and drawn: its hue is the same everywhere. */
import type { CurveId } from '../../state/scene/curve.ts';
import type { Trace } from '../../core/trace.ts';
import { within, type Schema } from '../../core/options/schema.ts';
import { agreementOf } from '../../methods/e2cm-sdn/options.ts';
import { METHODS, isMethodId, type MethodId } from '../../methods/registry.ts';

export interface MethodWords {
  readonly name: string;
  /** CSS colour. */
  readonly hue: string;
  /** Title of the matrices: who it is that labels images at an exit. */
  readonly labeller: string;
  /** What comes from the training images, with how many of them. */
  readonly learnt: (images: string) => string;
  /** Why tuning on the training images is optimistic. */
  readonly flattered: string;
  /** The same for held-out ones. */
  readonly heldOut: string;
  /** What a recorded run lacks for the story of one image. */
  readonly gone: string;
}

const trained = {
  labeller: 'the internal classifier',
  learnt: (images: string) => `internal classifiers trained on ${images}`,
  flattered: 'the images that trained the classifiers flatter them',
  heldOut: 'they trained no classifier, but the network was trained on them',
  gone: 'the classifiers: what each makes of one image is computed',
};

const words: Readonly<Record<MethodId, Omit<MethodWords, 'name'>>> = {
  e2cm: {
    hue: 'var(--e2cm)',
    labeller: 'the nearest class mean',
    learnt: (images) => `class means from ${images}`,
    flattered: 'the images that made the class means flatter them',
    heldOut: 'they made no class mean, but the network was trained on them',
    gone: 'the class means: distances to them are measured',
  },
  sdn: { hue: 'var(--sdn)', ...trained },
  'e2cm-sdn': {
    ...trained,
    hue: 'var(--e2cm-sdn)',
    learnt: (images) => `class means and internal classifiers from ${images}`,
  },
  branchynet: {
    ...trained,
    hue: 'var(--branchynet)',
    labeller: 'the branch',
    learnt: (images) => `network and branches trained jointly on ${images}`,
    flattered: 'the images that trained network and branches flatter them',
    heldOut: 'the branches and the network were trained on them',
    gone: 'the network with its branches: what each makes of one image is computed',
  },
  'e2cm-branchynet': {
    ...trained,
    hue: 'var(--e2cm-branchynet)',
    labeller: 'the branch',
    learnt: (images) => `network and branches trained jointly, class means from ${images}`,
    flattered: 'the images that trained network and branches flatter them',
    heldOut: 'they made no class mean, but network and branches were trained on them',
    gone: 'the network with its branches and the class means: both are computed',
  },
  bwds: {
    ...trained,
    hue: 'var(--bwds)',
    labeller: 'the exit’s classifier',
    learnt: (images) => `classifiers and decision functions trained on ${images}`,
  },
  dec: {
    hue: 'var(--dec)',
    labeller: 'the nearest cluster centre',
    learnt: (images) => `clusters of ${images}`,
    flattered: 'the clusters are of both splits, so neither flatters them more',
    heldOut: 'they are among the images that were clustered',
    gone: 'the embeddings: distances to the cluster centres are measured',
  },
};

/** How the variant of a run is called: "both confident"; null of a method that has none. */
export function variantName(method: string, options: object): string | null {
  const schema: Schema = isMethodId(method) ? within(METHODS[method].options, 'variant') : {};
  const values: Readonly<Record<string, unknown>> = { ...options };
  const names = Object.entries(schema).flatMap(([name, { control }]) => {
    if (control.kind !== 'choice') return [];
    return control.choices.filter(({ value }) => value === values[name]).map((one) => one.name);
  });
  return names.length > 0 ? names.join(', ') : null;
}

/**
 * What is held against a threshold: a method's confidence in its own unit. The patience curve holds repetitions,
 * whatever the method's unit is; a rule of agreement says which of two judges it is.
 */
export function unitHeld(curve: CurveId, trace: Pick<Trace, 'method' | 'provenance'>): string {
  if (curve === 'patience') return 'the number of repetitions of its label';
  const { method } = trace;
  if (!isMethodId(method)) return 'confidence';
  const { unit } = METHODS[method].confidence;
  switch (agreementOf(trace.provenance)) {
    case 'or':
      return `the higher ${unit}`;
    case 'and-confidence':
      return `the lower ${unit}`;
    case 'and-label':
      return `the ${words[method].labeller === 'the branch' ? 'branch' : 'classifier'}’s own confidence, 0 where E2CM names another class,`;
    case null:
      return unit;
  }
}

/** Words for a method; of one that is not known here, its id. */
export function methodWords(id: string): MethodWords {
  if (isMethodId(id)) return { name: METHODS[id].name, ...words[id] };
  return { name: id, hue: 'var(--muted)', ...trained };
}
