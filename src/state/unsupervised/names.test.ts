import { beforeEach, describe, expect, it, vi } from 'vitest';

const kept = new Map<string, string>();
vi.stubGlobal('localStorage', {
  getItem: (key: string) => kept.get(key) ?? null,
  setItem: (key: string, value: string) => kept.set(key, value),
});

/** The module as a new visit finds it. */
const visit = () => {
  vi.resetModules();
  return import('./names.ts');
};

describe('names of clusters', () => {
  beforeEach(() => kept.clear());

  it('last until the next visit, by dataset, and can be taken back', async () => {
    const first = await visit();
    first.nameCluster('mnist', '3', '  round ones ');
    first.nameCluster('mnist', '4', 'sticks');
    first.nameCluster('mnist', '4', '');
    const { nameOf, useNames } = await visit();
    expect(nameOf(useNames.getState(), 'mnist', '3')).toBe('round ones');
    expect(nameOf(useNames.getState(), 'mnist', '4')).toBe('4');
    expect(nameOf(useNames.getState(), 'kmnist', '3')).toBe('3');
  });

  it('are dropped where they are no names', async () => {
    kept.set('offramp.cluster-names', '{"mnist":{"1":7,"2":"two"},"kmnist":null}');
    const { nameOf, useNames } = await visit();
    expect(nameOf(useNames.getState(), 'mnist', '1')).toBe('1');
    expect(nameOf(useNames.getState(), 'mnist', '2')).toBe('two');
    kept.set('offramp.cluster-names', 'broken');
    expect((await visit()).useNames.getState().names).toEqual({});
  });
});
