import { describe, expect, it } from 'vitest';
import { BatchQueue, deviceBatch, ramp, Trial, type Sizes } from './batches.ts';

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

const sizesOf = (queue: BatchQueue): number[] => {
  const found: number[] = [];
  for (let batch = queue.take(); batch; batch = queue.take()) found.push(batch.count);
  return found;
};

it('begins small, doubles, and leaves all workers as much to do at the end', () => {
  expect(sizesOf(new BatchQueue(300, ramp(64, 16, 1), 1))).toEqual([16, 32, 64, 64, 64, 60]);
  const shared = sizesOf(new BatchQueue(300, ramp(64, 16, 2), 2));
  expect(shared.slice(0, 4)).toEqual([16, 16, 32, 32]);
  expect(shared.reduce((sum, count) => sum + count, 0)).toBe(300);
  expect(Math.max(...shared.slice(-4))).toBeLessThanOrEqual(16);
});

describe('a trial of sizes', () => {
  /** Sends so many images to a device that takes so long for a batch, one after the other; the sizes that were sent. */
  function send(sizes: Sizes, images: number, milliseconds: (count: number) => number): number[] {
    let now = 100;
    const sent: number[] = [];
    const queue = new BatchQueue(images, sizes, 1);
    for (let batch = queue.take(); batch; batch = queue.take()) {
      // The first batch of a size is slow: a device makes its programs.
      const isFirst = !sent.includes(batch.count);
      now += milliseconds(batch.count) + (isFirst ? 500 : 0);
      sizes.answered?.(batch.count, now);
      sent.push(batch.count);
    }
    return sent;
  }

  it('tries each size on images of the run, and goes on with the smallest that is as good as the best', () => {
    const trial = new Trial(256);
    // From 64 images on an image takes no less.
    const sent = send(trial.begin(), 2000, (count) => 10 + 0.2 * count + (count < 64 ? 20 : 0));
    expect(sent.slice(0, 10)).toEqual([16, 16, 32, 32, 64, 64, 128, 128, 256, 256]);
    expect(trial.best).toBe(256);
    const flat = new Trial(256);
    send(flat.begin(), 2000, (count) => 0.2 * Math.max(64, count));
    expect(flat.best).toBe(64);
    // The next pass begins small all the same.
    expect(send(flat.begin(), 400, (count) => count)).toEqual([16, 32, 64, 64, 64, 64, 64, 32]);
  });

  it('that a run was too short for goes on in the next one', () => {
    const trial = new Trial(64);
    send(trial.begin(), 60, (count) => count);
    expect(trial.best).toBeNull();
    expect(send(trial.begin(), 300, (count) => count).slice(0, 4)).toEqual([32, 32, 64, 64]);
    expect(trial.best).toBe(16);
  });

  it('never sends more than fits the device', () => {
    expect(Math.max(...send(new Trial(41).begin(), 500, () => 1))).toBe(41);
    expect(new Set(send(new Trial(1).begin(), 5, () => 1))).toEqual(new Set([1]));
  });
});
