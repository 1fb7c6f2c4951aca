import { expect, it, vi } from 'vitest';
import { createEngine } from '../../engine/client/engine.ts';
import type { BackendInfo, Engine } from '../../engine/client/types.ts';
import { engine, useBackend } from './engine.ts';

vi.mock('../../engine/client/engine.ts', () => ({ createEngine: vi.fn() }));

it('an engine that is ended while it starts says nothing of what computes, and is disposed of when it has', async () => {
  const starts: ((name: BackendInfo['name']) => void)[] = [];
  const disposed: string[] = [];
  vi.mocked(createEngine).mockImplementation(
    () =>
      new Promise((resolve) =>
        starts.push((name) =>
          resolve({ backend: { name }, dispose: () => disposed.push(name) } as unknown as Engine),
        ),
      ),
  );
  const first = engine.running();
  await vi.waitFor(() => expect(starts).toHaveLength(1));
  engine.end();
  const second = engine.running();
  await vi.waitFor(() => expect(starts).toHaveLength(2));
  starts[1]!('wasm');
  await second;
  expect(useBackend.getState().backend?.name).toBe('wasm');
  starts[0]!('webgpu');
  await first;
  await vi.waitFor(() => expect(disposed).toEqual(['webgpu']));
  expect(useBackend.getState().backend?.name).toBe('wasm');
});
