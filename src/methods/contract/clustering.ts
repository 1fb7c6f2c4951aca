/** What a clustering in training looks like, to be drawn while it goes on. */

/** What a clustering in training looks like: called a few times a minute and when a stage ends. */
export interface ClusteringView {
  /** Name of the exit whose encoder is trained: "DEC-large". */
  readonly exit: string;
  readonly stage: 'pretraining' | 'centres' | 'refinement';
  /** Steps of the stage that are done, and most that it takes: a refinement ends sooner where the labels have settled. */
  readonly step: number;
  readonly steps: number;
  /**
   * Mean since the view before: squared error an image and pixel (of inputs as the encoder sees them), squared distance
   * to the nearest centre, or KL divergence an image in nats. Null where no step was made since.
   */
  readonly loss: number | null;
  /** Share of the images that went to another cluster at the last target; null before the second one. */
  readonly changed: number | null;
  /** How well the clusters are the true classes, over all images; null where either is not known. */
  readonly scores: ClusteringScores | null;
  /** Some images (of the training split, then of the test split) in the embedding [n, D]; with their clusters, once there are any. */
  readonly sample: {
    readonly images: Uint32Array;
    readonly embedding: Float32Array;
    readonly dimensions: number;
    readonly clusters: Uint8Array | null;
  } | null;
  /** Reconstructions of some images [n, inputs], on the scale of the encoder's input; null where none are made. */
  readonly strip: { readonly images: Uint32Array; readonly reconstruction: Float32Array } | null;
}

/** A clustering against true classes. */
export interface ClusteringScores {
  /** Under the best one-to-one map of clusters to classes (Xie et al. 2016). */
  readonly accuracy: number;
  /** Normalised mutual information, by the arithmetic mean of the entropies. */
  readonly nmi: number;
  /** Adjusted Rand index. */
  readonly ari: number;
}
