/** A clustering in training as it looks now, and as it went so far. */
import { create } from 'zustand';
import { principalPlane, project, type Plane } from '../../core/clustering/pca.ts';
import type { ClusteringScores, ClusteringView } from '../../methods/contract/clustering.ts';

/** One moment of a stage: what its charts are drawn from. */
export interface Moment {
  readonly step: number;
  /** Null where no step was made. */
  readonly loss: number | null;
  readonly changed: number | null;
  readonly scores: ClusteringScores | null;
}

/** The course of one stage of one encoder. */
export interface Course {
  readonly exit: string;
  readonly stage: ClusteringView['stage'];
  /** Most steps. */
  readonly steps: number;
  readonly moments: readonly Moment[];
}

export interface LiveState {
  /** By time: pretraining, centres and refinement of DEC-large, then of DEC-middle and DEC-small. */
  readonly courses: readonly Course[];
  /** The last view; null before the first. */
  readonly view: ClusteringView | null;
  /** The last strip of reconstructions; only DEC-large's pretraining makes some. */
  readonly strip: ClusteringView['strip'];
  /** The sample in the plane [n, 2], turned so that it does not flip between two views; null before the first. */
  readonly plane: Float32Array | null;
  /** The plane of the last scatter, so that the next one is turned like it. */
  readonly turned: { readonly exit: string; readonly of: Plane } | null;
  /** Whether a training that was stopped can go on. */
  readonly canGoOn: boolean;
}

export const noLife: LiveState = {
  courses: [],
  view: null,
  strip: null,
  plane: null,
  turned: null,
  canGoOn: false,
};

export const useLive = create<LiveState>(() => noLife);

/** Takes a view: the course of its stage grows, scatter and strip are those of now. */
export function see(view: ClusteringView): void {
  const { courses, strip, turned } = useLive.getState();
  const { exit, stage, step, steps, loss, changed, scores, sample } = view;
  const moment: Moment = { step, loss, changed, scores };
  const isSame = (course: Course) => course.exit === exit && course.stage === stage;
  const known = courses.find(isSame);
  // A stage that begins anew, or goes on from a checkpoint, drops what came after.
  const before = known?.moments.filter((other) => other.step < step) ?? [];
  const course = { exit, stage, steps, moments: [...before, moment] };
  useLive.setState({
    view,
    strip: view.strip ?? strip,
    courses: known
      ? courses.map((other) => (isSame(other) ? course : other))
      : [...courses, course],
    ...(sample && flat(exit, sample, turned)),
  });
}

function flat(
  exit: string,
  { embedding, dimensions }: NonNullable<ClusteringView['sample']>,
  before: LiveState['turned'],
): Pick<LiveState, 'plane' | 'turned'> {
  const of = principalPlane(embedding, dimensions, before?.exit === exit ? before.of : undefined);
  return { plane: project(embedding, dimensions, of), turned: { exit, of } };
}
