import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSupplement } from '../src/ui/supplement/read.ts';
import { parseExport } from './export-options.ts';
import { recordedTraces, writeHtml } from './supplement.ts';

const RECORDED = 'cifar-10-resnet18-cifar10-e2cm';

describe('npm run export -- --html', () => {
  it('writes a recorded run as one file that fetches nothing', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'offramp-'));
    try {
      const traces = await recordedTraces(RECORDED);
      const thresholds = new Array<number>(traces.test.exits.length - 1).fill(0.12);
      const path = join(folder, 'run.html');
      await writeHtml(path, traces, { rule: 'above', thresholds }, [], 'recorded');
      const html = readFileSync(path, 'utf8');
      expect(html).not.toMatch(/<(script|link|img)[^>]*(src|href)=/);
      const {
        trace,
        thresholds: read,
        title,
      } = readSupplement(/type="application\/json">(.*?)<\/script>/.exec(html)![1]!);
      expect(title).toBe('E2CM on resnet18-cifar10, CIFAR-10');
      expect(read).toEqual(thresholds);
      expect(trace.confidence).toEqual(traces.test.confidence);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('names the runs that there are, and what else may be asked', async () => {
    await expect(recordedTraces('nobody')).rejects.toThrow('There is no recorded run "nobody"');
    expect(parseExport(['--recorded', RECORDED, '--html', 'a.html', '--flops', '0.3'])).toEqual({
      ...{ recorded: RECORDED, html: 'a.html', policy: { from: 'search', flops: 0.3 } },
    });
    expect(() => parseExport(['--recorded', RECORDED])).toThrow('--html FILE.html');
    expect(() => parseExport(['--recorded', RECORDED, '--html', 'a.txt'])).toThrow(
      '--html is a.txt; expected the name of a file that ends with .html.',
    );
  });
});
