/** Thresholds from a file, for what is on screen. */
import { sense } from '../../core/policy.ts';
import {
  areThresholds,
  readThresholdsFile,
  type ThresholdsFile,
} from '../../core/thresholds-file.ts';
import type { Trace } from '../../core/trace.ts';
import { notify } from '../notices.ts';
import { curveIds, type CurveId } from '../scene/curve.ts';
import { heldBy } from '../scene/derive.ts';
import { chooseAndSearch } from '../scene/searches.ts';
import { apply, measureTuning } from '../scene/shown.ts';
import { sceneOf } from '../scenes.ts';
import { useView } from '../view.ts';

/** A file of thresholds has a line an exit. */
const LARGEST = 1e6;

interface Found {
  readonly name: string;
  readonly json: unknown;
}

/** Files that hold thresholds, and the rest. */
export async function tellApart(
  files: readonly File[],
): Promise<{ found: readonly Found[]; rest: readonly File[] }> {
  const found: Found[] = [];
  const rest: File[] = [];
  for (const file of files) {
    const json =
      /\.json$/i.test(file.name) && file.size <= LARGEST ? parse(await file.text()) : null;
    if (areThresholds(json)) found.push({ name: file.name, json });
    else rest.push(file);
  }
  return { found, rest };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * Sets thresholds that were exported.
 * @throws Error with a sentence when they are not for what is on screen; nothing has changed then.
 */
export function setFromFile({ name, json }: Found): void {
  const scene = sceneOf(useView.getState().page);
  const { trace, chosen } = scene.shown.getState();
  const file = inWords(name, () => readThresholdsFile(json));
  if (!trace)
    throw new Error(
      `${name} holds thresholds, but there is nothing on screen to set them for yet.`,
    );
  const curve: CurveId = curveIds.find((id) => id === file.curve) ?? chosen;
  const why = whyNot(file, trace, curve);
  if (why) throw new Error(`The thresholds of ${name} were not set. ${why}`);
  if (curve !== chosen) void chooseAndSearch(scene, curve);
  const { rule, thresholds } = file;
  apply(scene, { rule, thresholds }, 'file');
  measureTuning(scene);
  const isElsewhere = file.dataset !== trace.dataset || file.network !== trace.network;
  notify(
    'note',
    `The thresholds of ${name} are set: ${thresholds.length} of them, for ${file.network} on ${file.dataset}` +
      `${isElsewhere ? `, which is not what is on screen (${trace.network} on ${trace.dataset})` : ''}.`,
  );
}

/** Why thresholds are not for a trace, as a sentence; null where they are. */
function whyNot(file: ThresholdsFile, trace: Trace, curve: CurveId): string | null {
  const { method, exits, classes, pair, agreement, rule } = file;
  if (method !== trace.method)
    return `They are of the method ${method}; ${trace.method} is on screen.`;
  if (exits.length !== trace.exits.length)
    return `They are for ${exits.length} exits; ${trace.network} has ${trace.exits.length}.`;
  const j = exits.findIndex((exit, at) => exit !== trace.exits[at]!.name);
  if (j >= 0) return `Exit ${j} is called ${exits[j]} there and ${trace.exits[j]!.name} here.`;
  const c = classes?.findIndex((name, at) => name !== trace.classes[at]) ?? -1;
  if (classes && (c >= 0 || classes.length !== trace.classes.length))
    return `They are for the classes ${classes.join(', ')}; here they are ${trace.classes.join(', ')}.`;
  const here = trace.provenance.options.agreement;
  if (agreement !== null && here !== undefined && agreement !== here)
    return `Two judges let an image go by the rule “${agreement}” there, and by “${String(here)}” here.`;
  if (pair && !trace.second)
    return 'They are for two judges; what is on screen keeps what one says alone.';
  const held = heldBy(curve, trace);
  if (rule !== held)
    return `An image leaves where its confidence ${sense(rule).symbol} T there, and ${sense(held).symbol} T here.`;
  if (file.unit !== null && trace.unit !== undefined && file.unit !== trace.unit)
    return `Their confidence is “${file.unit}”; here it is “${trace.unit}”.`;
  return null;
}

function inWords<Content>(name: string, read: () => Content): Content {
  try {
    return read();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`The thresholds of ${name} cannot be read. ${why}`, { cause: error });
  }
}
