import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { getPython } from '../../../scripts/python.mjs';
import { replay } from '../../core/replay.ts';
import { accuracyAt } from '../../core/trace.ts';
import { buildDraft } from './drafts.ts';
import { openTraces } from './open.ts';

interface Made {
  readonly right: readonly number[];
  readonly curve: readonly { readonly T: number; readonly right: number; readonly cost: number }[];
  readonly torch: boolean;
  readonly images: number;
}

const { python } = getPython();
const folder = mkdtempSync(join(tmpdir(), 'offramp-scores-'));
afterAll(() => rmSync(folder, { recursive: true }));

const made: Made | null = python
  ? (JSON.parse(
      spawnSync(python, [join(import.meta.dirname, 'make_scores.py'), folder], { encoding: 'utf8' })
        .stdout,
    ) as Made)
  : null;

const ofTorch = ['zip.pth', 'stream.pth', 'zip-list.pth', 'stream-list.pth'];
const files = ['scores.npz', 'half.npz', 'frame.csv', ...(made?.torch ? ofTorch : [])];

it.skipIf(!made).each(files)(
  '%s gives the accuracies and the curve that NumPy computes',
  async (name) => {
    const { draft } = await openTraces({
      files: [new File([readFileSync(join(folder, name))], name)],
    });
    const { answers, id } = draft!;
    const built = buildDraft(id, {
      ...answers,
      ...({ dataset: 'd', network: 'n', rule: 'at-least', isLastPlain: 'yes' } as const),
      ...({ costs: answers.costs || '1, 2.5, 4, 7', costUnit: 'FLOPs' } as const),
      parts: answers.parts.map((part) => ({ ...part, split: part.split || 'test' }) as const),
    });
    if (built.faults) throw new Error(JSON.stringify(built.faults));
    for (const { trace } of built.traces) {
      const { right, curve, images } = made!;
      expect(trace.exits.map((_, j) => Math.round(accuracyAt(trace, j) * images))).toEqual(right);
      for (const { T, right: hits, cost } of curve) {
        const { accuracy, meanFlops } = replay(trace, { rule: 'at-least', thresholds: [T, T, T] });
        expect(Math.round(accuracy * images)).toBe(hits);
        expect(meanFlops).toBeCloseTo(cost, 10);
      }
    }
  },
);
