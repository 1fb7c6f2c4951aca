/** True when the bytes start like a gzip member (RFC 1952: 1f 8b); names and media types are not to be trusted. */
export function isGzip(start: Uint8Array): boolean {
  return start.length >= 2 && start[0] === 0x1f && start[1] === 0x8b;
}
