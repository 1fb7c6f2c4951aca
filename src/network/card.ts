/** card.json beside a network's weights: what it is, what it was trained on, and how to feed it. */

import { exitsOfCard, type ExitChoice } from './exits.ts';

/** Most names of a card. The images of a run have at most 256 classes; a backbone may know more. */
const MOST_CLASSES = 10_000;

/** Cluster centres that a network was trained with (DEC): one set for every output, the branches' first. */
export interface CardClustering {
  readonly clusters: number;
  /** Of every output: centres row-major [K, D]. */
  readonly centres: readonly (readonly number[])[];
}

export interface NetworkCard {
  readonly id: string;
  readonly title: string;
  readonly architecture: string;
  /** Dataset id it was trained on. */
  readonly dataset: string;
  readonly classes: readonly string[];
  /** For every class, which of the network's outputs stands for it; null where they are in that order. */
  readonly outputs: readonly number[] | null;
  readonly input: {
    /** Height = width, in pixels; smaller images are padded with black around them. */
    readonly size: number;
    readonly channels: number;
    /** Per channel, for pixels in 0…1. */
    readonly mean: readonly number[];
    readonly std: readonly number[];
    /**
     * How images of another size or of other channels come to fit: `pad` puts black around smaller ones and takes no
     * others; `resize` takes all, bilinearly, grey to colour and back as well. Default: pad.
     */
    readonly fit?: 'pad' | 'resize';
    /** In which order the network takes the colours. Default: rgb. */
    readonly order?: 'rgb' | 'bgr';
  };
  /** The exits that are kept of those that are found; null: all of them. */
  readonly exits: readonly ExitChoice[] | null;
  /** Of a network with branches: id of the network of the same layers that was trained without; else null. */
  readonly plain: string | null;
  /** Numbers in the output where it is an embedding, not logits of the classes; else null. */
  readonly embedding: number | null;
  /** Null for a network that tells classes apart, or has no centres yet. */
  readonly clustering: CardClustering | null;
  readonly parameters: number;
  readonly multiplyAccumulates: number;
  /** Null where nobody stated it. */
  readonly epochs: number | null;
  /** Null where nobody stated it. */
  readonly seed: number | null;
  /** 0 where nobody stated it. */
  readonly trainImages: number;
  /** Images that the accuracy was measured on; 0 where nobody stated it. */
  readonly testImages: number;
  /** Fractions on the whole test split, before and after the weights were quantised. */
  readonly testAccuracy: { readonly before: number; readonly after: number };
  readonly weightsBytes: number;
  readonly quantisation: string;
  /** The command that made it. */
  readonly command: string;
}

/**
 * Checks what the rest of the program relies on: id, dataset, classes and how to feed the network. Figures
 * about training may be missing from a visitor's card; they are then null, 0 or empty.
 * @throws Error with a sentence that names the field.
 */
export function parseCard(json: unknown): NetworkCard {
  if (typeof json !== 'object' || json === null) throw new Error('card.json is not a JSON object.');
  const card = json as Partial<NetworkCard>;
  const id = text(card.id, 'id');
  const { classes, input } = card;
  if (
    !Array.isArray(classes) ||
    classes.length < 2 ||
    classes.length > MOST_CLASSES ||
    !classes.every(isText)
  )
    throw new Error(`card.json: "classes" must be a list of 2 to ${MOST_CLASSES} names.`);
  if (typeof input !== 'object' || input === null)
    throw new Error('card.json: "input" must give size, channels, mean and std.');
  const { size, channels, mean, std } = input;
  const { fit = 'pad', order = 'rgb' } = input as Partial<NetworkCard['input']>;
  if (!['pad', 'resize'].includes(fit) || !['rgb', 'bgr'].includes(order))
    throw new Error(
      'card.json: "input.fit" must be "pad" or "resize", and "input.order" "rgb" or "bgr".',
    );
  if (!isCount(size) || !isCount(channels))
    throw new Error('card.json: "input.size" and "input.channels" must be whole numbers above 0.');
  if (!isNumbers(mean, channels) || !isNumbers(std, channels) || !std.every((value) => value > 0))
    throw new Error(
      `card.json: "input.mean" and "input.std" must each list ${channels} ${channels === 1 ? 'number' : 'numbers'}, one a channel; std above 0.`,
    );
  const clustering = readClustering(card.clustering);
  const embedding = clustering
    ? clustering.centres[0]!.length / clustering.clusters
    : (card.embedding ?? null);
  if (embedding !== null && !isCount(embedding))
    throw new Error('card.json: "embedding" must be a whole number above 0.');
  return {
    ...(card as NetworkCard),
    id,
    input: { size, channels, mean, std, fit, order },
    title: card.title ?? id,
    architecture: card.architecture ?? '',
    dataset: card.dataset ?? '',
    outputs: null,
    exits: exitsOfCard(card.exits),
    plain: isText(card.plain) ? card.plain : null,
    embedding,
    clustering,
    parameters: card.parameters ?? 0,
    multiplyAccumulates: card.multiplyAccumulates ?? 0,
    epochs: stated(card.epochs),
    seed: stated(card.seed),
    trainImages: card.trainImages ?? 0,
    testImages: card.testImages ?? 0,
    testAccuracy: card.testAccuracy ?? { before: 0, after: 0 },
    weightsBytes: card.weightsBytes ?? 0,
    quantisation: card.quantisation ?? '',
    command: card.command ?? '',
  };
}

/**
 * A card from the metadata.json that Teachable Machine writes beside a model: labels and size are there, and how its
 * networks are fed is known (pixels in −1…1).
 * @param channels that the model takes.
 * @throws Error with a sentence when it lacks the labels or the size.
 */
export function teachableCard(json: unknown, channels: number): NetworkCard {
  const { labels, imageSize, modelName } = (json ?? {}) as Record<string, unknown>;
  if (!Array.isArray(labels) || !isCount(imageSize))
    throw new Error(
      'There is no card.json, and metadata.json lacks "labels" or "imageSize". card.json must have the fields id, ' +
        'classes and input (size, channels, mean, std): docs/own-network.md shows one.',
    );
  const halves = Array<number>(channels).fill(0.5);
  const id = isText(modelName) && modelName !== '' ? modelName : 'teachable-machine';
  return parseCard({
    id,
    classes: labels,
    // Its own library brings images of any size to that of the network.
    input: { size: imageSize, channels, mean: halves, std: halves, fit: 'resize' },
  });
}

/** A number that a card states; null where it states none. */
function stated(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function readClustering(value: unknown): CardClustering | null {
  if (value === undefined || value === null) return null;
  const { clusters, centres } = value as Partial<CardClustering>;
  if (!isCount(clusters) || clusters < 2 || clusters > 256)
    throw new Error('card.json: "clustering.clusters" must be a whole number from 2 to 256.');
  const isList = Array.isArray(centres) && centres.length > 0 && Array.isArray(centres[0]);
  const length = isList ? (centres[0] as unknown[]).length : 0;
  if (!isList || length === 0 || length % clusters !== 0 || !centres.every(hasLength(length)))
    throw new Error(
      `card.json: "clustering.centres" must hold, for every output, the numbers of ${clusters} centres in a row.`,
    );
  return { clusters, centres };
}

const hasLength = (length: number) => (value: unknown) => isNumbers(value, length);

function text(value: unknown, field: string): string {
  if (!isText(value) || value === '') throw new Error(`card.json: "${field}" must be a text.`);
  return value;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) > 0;
}

function isNumbers(value: unknown, length: number): value is number[] {
  return Array.isArray(value) && value.length === length && value.every(Number.isFinite);
}
