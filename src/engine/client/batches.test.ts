import { expect, it } from 'vitest';
import { deviceBatch } from './batches.ts';

it('fits the largest output of a full batch into what a device binds', () => {
  const MIB = 2 ** 20;
  // ResNet-18 on 32×32: the stem's 16×16×64. On 224×224 its 112×112×64.
  expect(deviceBatch(16 * 16 * 64, 128 * MIB)).toBe(256);
  const large = deviceBatch(112 * 112 * 64, 128 * MIB);
  expect(large).toBe(41);
  expect(4 * large * 112 * 112 * 64).toBeLessThanOrEqual(128 * MIB);
  expect(deviceBatch(2 ** 30, 128 * MIB)).toBe(1);
  expect(deviceBatch(112 * 112 * 64, null)).toBe(256);
});
