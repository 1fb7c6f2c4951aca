/**
 * A mirror of tiny generated datasets, answered in the place of the server's: its files come when a test lets them.
 * The recorded runs know the first images of it, as they know those of the published files.
 */
import { expect, type BrowserContext, type Route } from '@playwright/test';
import { fingerprintsOf } from '../src/core/fingerprint.ts';
import { cifarFile, cycle, idxImagesFile, idxLabelsFile } from '../src/data/testing.ts';
import type { Bytes } from '../src/data/formats/bytes.ts';

/** Images of each split; where their pixels begin in a record, and how many bytes a record has. */
interface Layout {
  readonly files: ReadonlyMap<string, Bytes>;
  readonly fingerprints: Readonly<Record<'train' | 'test', Uint32Array>>;
}

export type MirrorId = 'cifar-10' | 'mnist';

/** Few enough for a run of seconds; recorded runs have 10,000 of each split. */
export const MIRRORED: Readonly<
  Record<MirrorId, { readonly train: number; readonly test: number }>
> = {
  'cifar-10': { train: 100, test: 60 },
  mnist: { train: 90, test: 50 },
};
const RECORDED = 10_000;

/** Colours: no two planes alike. */
function cifar(): Layout {
  const { train, test } = MIRRORED['cifar-10'];
  const batch = cifarFile(cycle(train / 5), 'cifar-10');
  const testBatch = cifarFile(cycle(test), 'cifar-10');
  const planes = (bytes: Bytes, count: number): Uint32Array => {
    const images = new Uint8Array(count * 3072);
    for (let i = 0; i < count; i++) {
      const record = bytes.subarray(i * 3073 + 1, (i + 1) * 3073);
      for (let p = 0; p < 1024; p++)
        for (let c = 0; c < 3; c++) images[i * 3072 + p * 3 + c] = record[c * 1024 + p]!;
    }
    return fingerprintsOf({ images, count }, [32, 32, 3]);
  };
  return {
    files: new Map([
      ...[1, 2, 3, 4, 5].map((n) => [`data_batch_${n}.bin`, batch] as const),
      ['test_batch.bin', testBatch],
    ]),
    fingerprints: { train: planes(batch, train / 5), test: planes(testBatch, test) },
  };
}

/** Greys. */
function mnist(): Layout {
  const { train, test } = MIRRORED.mnist;
  const of = (count: number): Uint32Array =>
    fingerprintsOf({ images: idxImagesFile(count).subarray(16), count }, [28, 28, 1]);
  return {
    files: new Map([
      ['train-images-idx3-ubyte', idxImagesFile(train)],
      ['train-labels-idx1-ubyte', idxLabelsFile(cycle(train))],
      ['t10k-images-idx3-ubyte', idxImagesFile(test)],
      ['t10k-labels-idx1-ubyte', idxLabelsFile(cycle(test))],
    ]),
    fingerprints: { train: of(train), test: of(test) },
  };
}

/** Answers that wait until they are let go, and whether one was asked for. */
class Gate {
  #open: Promise<void> = Promise.resolve();
  #letGo = (): void => undefined;
  asked = 0;

  hold(): void {
    this.#open = new Promise((resolve) => (this.#letGo = resolve));
  }

  release(): void {
    this.#letGo();
    this.#open = Promise.resolve();
  }

  async pass(): Promise<void> {
    this.asked++;
    await this.#open;
  }
}

export class Mirror {
  readonly #gates: Readonly<Record<MirrorId, Gate>> = { 'cifar-10': new Gate(), mnist: new Gate() };
  readonly #layouts: Readonly<Record<MirrorId, Layout>> = { 'cifar-10': cifar(), mnist: mnist() };
  #isDown = false;

  /** Puts the mirror before the server, for every page of the context and their workers. */
  static async open(context: BrowserContext): Promise<Mirror> {
    const mirror = new Mirror();
    await context.route('**/data/**', (route) => mirror.#answer(route));
    await context.route('**/runs/*.images.bin', (route) => mirror.#fingerprints(route));
    // These fingerprints are not those that were published.
    await context.route('**/runs/digests.json', (route) => route.fulfill({ json: {} }));
    return mirror;
  }

  /** From now on the files of a dataset do not come until they are released. */
  hold(id: MirrorId): void {
    this.#gates[id].hold();
  }

  release(id: MirrorId): void {
    this.#gates[id].release();
  }

  /** Waits until a file of a dataset has been asked for. */
  async asked(id: MirrorId): Promise<void> {
    await expect.poll(() => this.#gates[id].asked).toBeGreaterThan(0);
  }

  /** The server answers nothing of the mirror, as when it is started anew. */
  goDown(): void {
    this.#isDown = true;
  }

  comeBack(): void {
    this.#isDown = false;
  }

  async #answer(route: Route): Promise<void> {
    if (this.#isDown) return route.fulfill({ status: 503, body: 'starting' });
    const path = new URL(route.request().url()).pathname.split('/data/')[1]!;
    if (path === 'index.json') return route.fulfill({ json: { datasets: this.#index() } });
    const [id, name] = path.split('/') as [MirrorId, string];
    const bytes = this.#layouts[id]?.files.get(name);
    if (!bytes) return route.fulfill({ status: 404 });
    await this.#gates[id].pass();
    // The page may have taken the question back meanwhile.
    await route.fulfill({ body: Buffer.from(bytes) }).catch(() => undefined);
  }

  #index() {
    return (Object.keys(this.#layouts) as MirrorId[]).map((id) => ({
      id,
      files: [...this.#layouts[id].files].map(([name, { length }]) => ({ name, size: length })),
    }));
  }

  /** The recorded runs' first images are those of the mirror; the others are nowhere. */
  async #fingerprints(route: Route): Promise<void> {
    const match = /\/(cifar-10|mnist)-(train|test)\.images\.bin$/.exec(route.request().url());
    if (!match) return route.continue();
    const prints = new Uint32Array(RECORDED);
    prints.set(this.#layouts[match[1] as MirrorId].fingerprints[match[2] as 'train' | 'test']);
    await route.fulfill({ body: Buffer.from(prints.buffer) });
  }
}
