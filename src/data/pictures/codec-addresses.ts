/** Where a page finds the WebAssembly of the decoders. */
import jpeg from '@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm?url';
import webp from '@jsquash/webp/codec/dec/webp_dec.wasm?url';

export default { JPEG: jpeg, WebP: webp };
