/** Tiny files for tests: made here, never cut from a published dataset. */
import type { Bytes, ByteSource } from './formats/bytes.ts';

/** Images [count, height, width] whose pixels count up, as an idx file. */
export function idxImagesFile(count: number, height = 28, width = 28): Bytes {
  const bytes = new Uint8Array(16 + count * height * width);
  const view = new DataView(bytes.buffer);
  [0x803, count, height, width].forEach((value, i) => view.setUint32(4 * i, value));
  for (let i = 16; i < bytes.length; i++) bytes[i] = (i - 16) % 251;
  return bytes;
}

export function idxLabelsFile(labels: readonly number[]): Bytes {
  const bytes = new Uint8Array(8 + labels.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x801);
  view.setUint32(4, labels.length);
  bytes.set(labels, 8);
  return bytes;
}

/** Records whose planes are constant: red 100 + i, green 150, blue 200. CIFAR-100 gets coarse label 3. */
export function cifarFile(labels: readonly number[], kind: 'cifar-10' | 'cifar-100'): Bytes {
  const head = kind === 'cifar-10' ? 1 : 2;
  const bytes = new Uint8Array(labels.length * (head + 3072));
  labels.forEach((label, i) => {
    const at = i * (head + 3072);
    if (head === 2) bytes[at] = 3;
    bytes[at + head - 1] = label;
    bytes.fill(100 + i, at + head, at + head + 1024);
    bytes.fill(150, at + head + 1024, at + head + 2048);
    bytes.fill(200, at + head + 2048, at + head + 3072);
  });
  return bytes;
}

export async function gzipped(bytes: Bytes): Promise<Bytes> {
  const packed = new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

/** A source that gives its bytes in chunks of `chunk`. */
export function sourceOf(name: string, bytes: Bytes, chunk = 1000): ByteSource {
  const stream = (): ReadableStream<Bytes> => {
    let at = 0;
    return new ReadableStream<Bytes>({
      pull(controller) {
        if (at >= bytes.length) controller.close();
        else controller.enqueue(bytes.slice(at, (at += chunk)));
      },
    });
  };
  return { name, size: bytes.length, stream };
}

/** The numbers 0 … classes − 1 again and again. */
export function cycle(count: number, classes = 10): number[] {
  return Array.from({ length: count }, (_, i) => i % classes);
}

/** The four files of a small MNIST-like dataset, by their published names without `.gz`. */
export function idxSet(train = 30, test = 10): Map<string, Bytes> {
  return new Map([
    ['train-images-idx3-ubyte', idxImagesFile(train)],
    ['train-labels-idx1-ubyte', idxLabelsFile(cycle(train))],
    ['t10k-images-idx3-ubyte', idxImagesFile(test)],
    ['t10k-labels-idx1-ubyte', idxLabelsFile(cycle(test))],
  ]);
}
