import { describe, expect, it } from 'vitest';
import { matchClasses } from './classes.ts';

describe('classes of a network and of images', () => {
  it('are the same in the same order, however they are spelt', () => {
    expect(matchClasses(['Cat', 'dog '], ['cat', 'Dog'])).toEqual({
      outputs: null,
      sentence: null,
    });
  });

  it('are matched by their names in another order, and where the images have some of them only', () => {
    const order = matchClasses(['9', '8', '7'], ['7', '8', '9']);
    expect(order.outputs).toEqual([2, 1, 0]);
    expect(order.sentence).toContain('The order of the classes differs');
    const some = matchClasses(['cat', 'dog', 'ship', 'truck'], ['truck', 'cat']);
    expect(some.outputs).toEqual([3, 0]);
    expect(some.sentence).toContain("2 of the network's 4 classes");
  });

  it('are said to be taken in order where their names are strange, or stand twice', () => {
    for (const [network, images, strange] of [
      [['a', 'b'], ['0', '1'], 'class 0: a and 0'],
      [['a', 'b', 'c'], ['a', 'c', 'x'], 'class 1: b and c'],
      [['a', 'b', 'a'], ['b', 'a', 'a'], 'class 0: a and b'],
    ] as const) {
      const { outputs, sentence } = matchClasses(network, images);
      expect(outputs).toBeNull();
      expect(sentence).toContain(strange);
    }
  });

  it('of another number are left to the method', () => {
    expect(matchClasses(['a', 'b', 'c'], ['x', 'y'])).toEqual({ outputs: null, sentence: null });
  });
});
