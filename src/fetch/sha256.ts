/** SHA-256 in hex; null where the browser does not compute it: on pages that came over plain http from another machine. */
export async function sha256(bytes: Uint8Array): Promise<string | null> {
  const { subtle } = globalThis.crypto ?? {};
  if (!subtle) return null;
  const digest = await subtle.digest('SHA-256', bytes as BufferSource);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
