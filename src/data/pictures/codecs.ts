/** Decoders in WebAssembly, fetched when the first picture of their kind comes. */

export type Codec = 'JPEG' | 'WebP';

/** RGBA [height, width, 4] of a file. */
type Decode = (file: ArrayBuffer) => Promise<Pick<ImageData, 'data' | 'width' | 'height'>>;

/** Gives the WebAssembly of a decoder; a page fetches it by its address. */
let moduleOf: (codec: Codec) => Promise<WebAssembly.Module> = async (codec) => {
  const { default: addresses } = await import('./codec-addresses.ts');
  return WebAssembly.compileStreaming(fetch(addresses[codec]));
};

/** Says where else the WebAssembly comes from: Node reads it from its packages. */
export function takeModulesFrom(source: typeof moduleOf): void {
  moduleOf = source;
}

const ready = new Map<Codec, Promise<Decode>>();

/** @throws Error when it cannot be fetched; it is asked for again at the next need. */
export function wasmOf(codec: Codec): Promise<Decode> {
  const known = ready.get(codec);
  if (known) return known;
  const coming = start(codec);
  ready.set(codec, coming);
  coming.catch(() => ready.delete(codec));
  return coming;
}

async function start(codec: Codec): Promise<Decode> {
  const [{ default: decode, init }, compiled] = await Promise.all([
    codec === 'JPEG' ? import('@jsquash/jpeg/decode.js') : import('@jsquash/webp/decode.js'),
    moduleOf(codec),
  ]);
  // What the decoders write to the console is in what they throw.
  const quiet = { print: () => undefined, printErr: () => undefined };
  await (init as (module: WebAssembly.Module, options: typeof quiet) => Promise<void>)(
    compiled,
    quiet,
  );
  return (file) => decode(file);
}
