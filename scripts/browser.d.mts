export const browserFlags: readonly string[];
export const softwareWebGpuFlags: readonly string[];
export function findBrowser(): string | null;
export function getBrowser(): string;
