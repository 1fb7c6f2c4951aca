/** Where the WebAssembly files of tfjs lie. */
import { createRequire } from 'node:module';
import { dirname } from 'node:path';

export function wasmFolder(): string {
  const require = createRequire(import.meta.url);
  return `${dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))}/`;
}
