/** The Python package beside this code: its files are read, its replays agree, and it records what the page's engine records. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { replay } from '../src/core/replay.ts';
import type { Rule } from '../src/core/policy.ts';
import { METHODS } from '../src/methods/registry.ts';
import { getPython, MISSING } from '../scripts/python.mjs';
import { readTrace } from './files.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const { python, hasTorch } = getPython();
const without = python === null ? ` (left out: ${MISSING})` : '';
const withoutTorch = without || (hasTorch ? '' : ' (left out: PyTorch is not installed)');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'offramp-python-'));
});
afterAll(() => rm(folder, { recursive: true }));

const call = (command: string, ...args: string[]) =>
  promisify(execFile)(command, args, {
    cwd: folder,
    env: { ...process.env, PYTHONPATH: join(root, 'python'), PYTHONDONTWRITEBYTECODE: '1' },
  });

/** What a Python program prints, as JSON. */
async function json(program: string): Promise<unknown> {
  const { stdout } = await call(python!, '-c', program);
  return JSON.parse(stdout);
}

/** Writes a trace as each type of confidence and prints what its own replay makes of it. */
const WRITE = (rule: Rule) => `
import json, numpy as np, offramp
rng = np.random.default_rng(7)
label = rng.integers(0, 7, 500)
prediction = np.where(rng.random((4, 500)) < 0.6, label, rng.integers(0, 7, (4, 500)))
confidence = np.round(rng.random((4, 500)), 2).astype(np.float32)
trace = offramp.from_arrays(labels=label, prediction=prediction, confidence=confidence, flops=[10, 25, 60, 100.5],
    rule=${JSON.stringify(rule)}, classes=["é", *"bcdefg"], exits=["stem", "a", "b", "end"], dataset="made up", train_images=9)
found = []
for kind in ("float32", "uint16"):
    back = offramp.load(trace.save(f"{kind}-${rule}", kind))
    # A threshold that is a confidence: rules differ in who of those leaves.
    thresholds = [0.3, float(back.confidence[1, 3]), 0.55]
    o = offramp.replay(back, thresholds)
    found.append(dict(thresholds=thresholds, exitOf=o.exit_of.tolist(), accuracy=o.accuracy, meanFlops=o.mean_flops,
        leaving=o.leaving.tolist(), right=o.right.tolist(), confidence=back.confidence.ravel().tolist(),
        prediction=back.prediction.ravel().tolist(), label=back.label.tolist()))
print(json.dumps(found))
`;

interface Found {
  readonly thresholds: number[];
  readonly exitOf: number[];
  readonly accuracy: number;
  readonly meanFlops: number;
  readonly leaving: number[];
  readonly right: number[];
  readonly confidence: number[];
  readonly prediction: number[];
  readonly label: number[];
}

describe.skipIf(python === null)(`the Python package${without}`, () => {
  it.each(['above', 'at-least', 'below'] as const)(
    'writes traces that are read here, and replays them alike under the rule "%s"',
    async (rule) => {
      const found = (await json(WRITE(rule))) as Found[];
      expect(found).toHaveLength(2);
      for (const [n, kind] of ['float32', 'uint16'].entries()) {
        const { trace, budget } = readTrace(join(folder, `${kind}-${rule}.trace`));
        const { thresholds, confidence, prediction, label, ...outcome } = found[n]!;
        expect(budget).toBeNull();
        expect(trace.classes[0]).toBe('é');
        expect(trace.exits.map(({ name, flops }) => [name, flops])).toEqual([
          ['stem', 10],
          ['a', 25],
          ['b', 60],
          ['end', 100.5],
        ]);
        expect(trace.provenance).toMatchObject({ trainImages: 9, options: { rule } });
        expect([...trace.label]).toEqual(label);
        expect([...trace.prediction]).toEqual(prediction);
        expect([...trace.confidence]).toEqual(confidence);
        const { exitOf, leaving, right, ...numbers } = replay(trace, { rule, thresholds });
        expect({
          ...numbers,
          exitOf: [...exitOf],
          leaving: [...leaving],
          right: [...right],
        }).toEqual(outcome);
      }
    },
  );

  it('knows the rule of every method', async () => {
    const rules = await json(
      'import json\nfrom offramp.policy import METHOD_RULES\nprint(json.dumps(METHOD_RULES))',
    );
    expect(rules).toEqual(
      Object.fromEntries(
        Object.entries(METHODS).map(([id, { confidence }]) => [id, confidence.rule]),
      ),
    );
  });
});

describe.skipIf(!hasTorch)(`the Python package’s recorder${withoutTorch}`, () => {
  it('gives the labels, confidences and costs of the page’s engine on the same weights', async () => {
    const images = ['--train', '300', '--test', '100'];
    const tsx = (script: string, ...args: string[]) =>
      promisify(execFile)('node', ['--import', 'tsx', join(root, 'cli', script), ...args], {
        cwd: root,
      });
    await tsx('strokes.ts', '--out', join(folder, 'data/strokes'), ...images);
    const network = ['--dataset', 'strokes', '--network', 'resnet18-w16-strokes'];
    await tsx(
      'record.ts',
      ...network,
      ...images,
      ...['--confidence', 'float32', '--workers', '1', '--out', join(folder, 'page')],
    );
    const { stdout } = await call(
      python!,
      join(root, 'python/checks/page.py'),
      ...network,
      ...['--data', join(folder, 'data'), '--page', join(folder, 'page')],
    );
    expect(stdout).toMatch(/^train: 300 images × 10 exits; \d+ labels differ/m);
    expect(stdout).toMatch(/^test: 100 images × 10 exits; \d+ labels differ/m);
  }, 400_000);
});
