import type { Scene } from './scene/scene.ts';

/** Begin of every file's name: what it is of. */
export function stem({ shown }: Pick<Scene, 'shown'>): string {
  const { trace } = shown.getState();
  return trace ? `${trace.dataset}.${trace.network}.${trace.method}` : 'offramp';
}
