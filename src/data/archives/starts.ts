/** How archives begin. */

/** Whether bytes begin as a zip archive does, be it empty. */
export const isZip = (start: Uint8Array): boolean =>
  start[0] === 0x50 &&
  start[1] === 0x4b &&
  ((start[2] === 3 && start[3] === 4) || (start[2] === 5 && start[3] === 6));

/** Whether bytes begin as a tar archive does. */
export const isTar = (start: Uint8Array): boolean =>
  String.fromCharCode(...start.subarray(257, 262)) === 'ustar';
