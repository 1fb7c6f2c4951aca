import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { getPython } from '../../../scripts/python.mjs';
import { isDict, isList, NdArray, type Content, type Dict } from './array.ts';
import { readArrays } from './read.ts';

interface Made {
  readonly expected: Readonly<Record<string, { shape: number[]; values: number[] }>>;
  readonly torch: boolean;
}

const { python } = getPython();
const folder = mkdtempSync(join(tmpdir(), 'offramp-arrays-'));
afterAll(() => rmSync(folder, { recursive: true }));

const made: Made | null = python
  ? (JSON.parse(
      spawnSync(python, [join(import.meta.dirname, 'make_arrays.py'), folder], { encoding: 'utf8' })
        .stdout,
    ) as Made)
  : null;

const open = (name: string): Content =>
  readArrays(new Uint8Array(readFileSync(join(folder, name))), name);

function array(content: Content | undefined): NdArray {
  if (!(content instanceof NdArray)) throw new Error('no array');
  return content;
}

function dict(content: Content): Dict {
  if (!isDict(content)) throw new Error('no dict');
  return content;
}

function list(content: Content | undefined): readonly Content[] {
  if (content === undefined || !isList(content)) throw new Error('no list');
  return content;
}

function same(content: Content | undefined, name: string): void {
  const { shape, values } = made!.expected[name]!;
  expect(array(content).shape).toEqual(shape);
  expect([...array(content).values()]).toEqual(values);
}

describe.skipIf(!made)('arrays that NumPy wrote', () => {
  it('are read in every type, byte order and order of axes', () => {
    const names = Object.keys(made!.expected).filter((name) => name.endsWith('.npy'));
    expect(names).toHaveLength(48);
    for (const name of names) same(open(name), name);
  });

  it('come by name from an .npz, text and single numbers too', () => {
    const plain = dict(open('plain.npz'));
    same(plain.get('logits'), 'values');
    expect(plain.get('names')).toEqual(['hare', 'Igel é', '']);
    expect(array(plain.get('one')).shape).toEqual([]);
    const packed = dict(open('packed.npz'));
    same(packed.get('logits'), 'values');
    expect(array(packed.get('none')).shape).toEqual([0, 3]);
  });

  it('are read from plain pickles of every protocol, without running any', () => {
    for (let protocol = 0; protocol < 6; protocol++) {
      const found = dict(open(`plain${protocol}.pkl`));
      same(found.get('logits'), 'values');
      same(found.get('view'), 'values');
      expect(found.get('list')).toEqual([1, 2.5, true, null, 'x', 2 ** 40, -3]);
      expect(found.get('scalar')).toBe(1.5);
    }
    const objects = list(open('objects.npy'));
    expect(array(objects[0]).shape).toEqual([3, 4]);
    expect(dict(objects[1]!).get('a')).toBe(1);
  });
});

describe.skipIf(!made?.torch)('tensors that PyTorch wrote', () => {
  it.each(['zip', 'stream'])('are read from the %s layout, views and all types', (layout) => {
    const held = dict(open(`${layout}.pth`));
    for (const [name, tensor] of held) {
      if (name === 'none') expect(array(tensor).shape[0]).toBe(0);
      else same(tensor, `torch-${name}`);
    }
    expect(held.size).toBe(13);
    expect([...dict(open(`${layout}-state.pth`)).keys()]).toEqual(['weight', 'bias']);
  });

  it('are read from plain pickles', () => {
    const [first, second] = list(open('tensors.pkl'));
    same(first, 'values');
    expect(array(second).shape).toEqual([3, 4]);
  });
});
