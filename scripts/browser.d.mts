export const browserFlags: readonly string[];
export const softwareWebGpuFlags: readonly string[];
export function getBrowser(): string;
