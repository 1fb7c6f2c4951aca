import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { branchyModel, convModel, testCard } from '../engine/test-network.ts';
import { filesOf } from '../engine/test-port.ts';
import { parseCard } from './card.ts';
import { cutNetwork } from './cut.ts';
import { readExits, writeExits } from './exits-text.ts';
import { checkExits, exitsIn } from './exit-names.ts';
import { networkFromFiles } from './files.ts';
import { loadNetwork } from './network.ts';
import { randomNumbers } from './testing.ts';

const CLASSES = ['a', 'b', 'c'];

async function small(exits?: unknown) {
  const model = convModel(
    8,
    [
      ['first', 4, 1],
      ['second', 6, 2],
      ['third', 8, 1],
    ],
    3,
  );
  return networkFromFiles(await filesOf(model, { ...testCard(8, CLASSES), exits }));
}

beforeAll(() => tf.setBackend('wasm'));

describe('a choice of exits', () => {
  it('is written and read, and refused in a sentence where it is none', () => {
    const text = 'conv1,layer2.1=half';
    expect(writeExits(readExits(text))).toBe(text);
    expect(readExits(' a , b = c ')).toEqual([
      { at: 'a', name: 'a' },
      { at: 'b', name: 'c' },
    ]);
    expect(readExits('')).toEqual([]);
    expect(() => readExits('a=b=c')).toThrow('“a=b=c” is no exit; expected NAME, or NAME=ANOTHER.');
    expect(() => readExits('a,b=a')).toThrow('Two exits are called “a”.');
    const card = (exits: unknown) => parseCard({ ...testCard(8, CLASSES), exits });
    expect(card(['a', { at: 'b', name: 'c' }]).exits).toEqual(readExits('a,b=c'));
    expect(card(undefined).exits).toBeNull();
    expect(() => card([3])).toThrow('card.json: "exits" must list names of exits');
  });

  it('leaves the outputs, the cost and the last exit as they are; dropped layers belong to the next exit', async () => {
    const files = await small();
    expect(exitsIn(files).map(({ name }) => name)).toEqual([
      'first',
      'second',
      'third',
      'classifier',
    ]);
    const all = await loadNetwork(files, {});
    const chosen = await small([{ at: 'second', name: 'half' }]);
    checkExits(chosen);
    const some = await loadNetwork(chosen, {});
    expect(some.stages.map(({ name }) => name)).toEqual(['half', 'classifier']);
    expect(some.flops).toBe(all.flops);
    expect(some.stages[0]!.flops).toBe(all.stages[0]!.flops + all.stages[1]!.flops);
    const x = tf.tensor4d(randomNumbers(2 * 64, 5), [2, 8, 8, 1]);
    const [expected, got] = [all.forward(x), some.forward(x)].map((outputs) =>
      outputs.map((output) => output.dataSync()),
    );
    expect(got).toEqual([expected![1], expected![3]]);
    expect((await cutNetwork(chosen)).stages.map(({ name }) => name)).toEqual([
      'half',
      'classifier',
    ]);
    all.dispose();
    some.dispose();
  });

  it('may be the last exit alone, and is of exits that the network has', async () => {
    const alone = await loadNetwork(await small([]), {});
    expect(alone.stages.map(({ name }) => name)).toEqual(['classifier']);
    alone.dispose();
    const refused = async (exits: unknown, sentence: string) => {
      const files = await small(exits);
      expect(() => checkExits(files)).toThrow(sentence);
      await expect(loadNetwork(files, {})).rejects.toThrow(sentence);
    };
    await refused(
      ['none'],
      'The network has no exit “none”; it has first, second, third, classifier.',
    );
    await refused([{ at: 'classifier', name: 'end' }], 'The last exit is the network itself');
    await refused([{ at: 'first', name: 'classifier' }], 'no other one can be');
  });

  it('keeps the exits at which outputs of the network’s own hang', async () => {
    const files = (exits?: unknown) =>
      filesOf(branchyModel(8, 3), { ...testCard(8, CLASSES), exits }).then(networkFromFiles);
    expect(exitsIn(await files())).toEqual([
      { name: 'a', isFixed: true },
      { name: 'b', isFixed: true },
      { name: 'c', isFixed: false },
      { name: 'classifier', isFixed: true },
    ]);
    await expect(loadNetwork(await files(['b']), {})).rejects.toThrow(
      'The exit a cannot be dropped: an output of the network’s own hangs there.',
    );
  });
});
