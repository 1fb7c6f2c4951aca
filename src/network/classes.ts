/** A network's classes and those of the images: matched by their names, not by how many there are. */

export interface ClassMatch {
  /** For every class of the images, the network's output that stands for it; null where they are in the same order. */
  readonly outputs: readonly number[] | null;
  /** What a reader of the numbers must know, as a sentence; null where all names agree. */
  readonly sentence: string | null;
}

const plain = (name: string): string => name.trim().toLowerCase();

/**
 * @param network names of the network's outputs.
 * @param images names of the images' classes.
 */
export function matchClasses(network: readonly string[], images: readonly string[]): ClassMatch {
  const names = network.map(plain);
  const wanted = images.map(plain);
  const isInOrder = names.length === wanted.length && wanted.every((name, k) => name === names[k]);
  if (isInOrder) return { outputs: null, sentence: null };
  const places = wanted.map((name) => names.indexOf(name));
  const isClear = new Set(wanted).size === wanted.length && new Set(names).size === names.length;
  if (isClear && !places.includes(-1)) {
    const others = names.length - wanted.length;
    return {
      outputs: places,
      sentence:
        others > 0
          ? `The images have ${images.length} of the network's ${names.length} classes; its other outputs are left out.`
          : "The order of the classes differs: the network's outputs are matched to the images' classes by their names.",
    };
  }
  if (names.length !== wanted.length) return { outputs: null, sentence: null };
  const strange = wanted.findIndex((name, k) => name !== names[k]);
  return {
    outputs: null,
    sentence:
      `The network's classes are not called as the images' are (class ${strange}: ${network[strange]} and ` +
      `${images[strange]}): they are taken to be in the same order. If they are not, its own labels are wrong.`,
  };
}
