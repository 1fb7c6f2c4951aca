/** What the heap of a page holds, read from a snapshot: the page's own objects apart from what V8 compiled of its code. */
import type { CDPSession } from '@playwright/test';

/** The parts of a snapshot that are read here; V8 describes the fields of its flat list of nodes in it. */
interface Snapshot {
  readonly snapshot: {
    readonly meta: {
      readonly node_fields: readonly string[];
      readonly node_types: readonly [types: readonly string[], ...rest: unknown[]];
    };
  };
  readonly nodes: readonly number[];
  readonly strings: readonly string[];
}

export interface HeapSizes {
  /** Bytes of objects, closures, strings and array buffers. */
  readonly heap: number;
  /** Bytes of bytecode and machine code: it grows for as long as V8 finds functions worth compiling again. */
  readonly code: number;
}

/** Bytes of a page's heap after a collection. The browser's own lists (DOM, performance entries, history) are in neither number. */
export async function heapSizes(session: CDPSession): Promise<HeapSizes> {
  // What finalizers hold on to goes with the second collection.
  for (let n = 0; n < 2; n++) await session.send('HeapProfiler.collectGarbage');
  const chunks: string[] = [];
  const keep = ({ chunk }: { chunk: string }): unknown => chunks.push(chunk);
  session.on('HeapProfiler.addHeapSnapshotChunk', keep);
  await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  session.off('HeapProfiler.addHeapSnapshotChunk', keep);
  const { snapshot, nodes, strings } = JSON.parse(chunks.join('')) as Snapshot;
  const { node_fields: fields, node_types: types } = snapshot.meta;
  const [type, name, size] = ['type', 'name', 'self_size'].map((field) => fields.indexOf(field));
  let [heap, code] = [0, 0];
  for (let at = 0; at < nodes.length; at += fields.length) {
    const kind = types[0][nodes[at + type!]!];
    const bytes = nodes[at + size!]!;
    if (kind === 'code') code += bytes;
    else if (kind !== 'native' || strings[nodes[at + name!]!] === 'system / JSArrayBufferData')
      heap += bytes;
  }
  return { heap, code };
}
