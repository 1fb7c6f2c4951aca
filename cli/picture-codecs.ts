/** The WebAssembly of the picture decoders, from their packages. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { takeModulesFrom } from '../src/data/pictures/codecs.ts';

const FILES = {
  JPEG: '@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm',
  WebP: '@jsquash/webp/codec/dec/webp_dec.wasm',
} as const;

export function decodeWithPackages(): void {
  const require = createRequire(import.meta.url);
  takeModulesFrom(async (codec) =>
    WebAssembly.compile(await readFile(require.resolve(FILES[codec]))),
  );
}
