// A network whose images leave at the first exit that is sure enough: `npm install onnxruntime-web` (or -node).
// `node offramp.mjs` checks it. In a page: `const decide = await staged(fetched)`, then `await decide(pixels)` with the
// bytes of one image gives { exit, label, confidence }; `whole` does the same with the one model that decides inside.
const HOLDS = { above: (c, t) => c > t, 'at-least': (c, t) => c >= t, below: (c, t) => c < t };

/** Reads a file beside this one: in a page, or in Node. */
export const fetched = async (name) =>
  new Uint8Array(await (await fetch(new URL(name, import.meta.url))).arrayBuffer());
const onDisk = async (name) =>
  new Uint8Array(await (await import('node:fs/promises')).readFile(new URL(name, import.meta.url)));
const json = async (read, name) => JSON.parse(new TextDecoder().decode(await read(name)));
const runtime = () => import('onnxruntime-web').catch(() => import('onnxruntime-node'));

export async function whole(read) {
  const [{ InferenceSession, Tensor }, { shape }] = [
    await runtime(),
    await json(read, 'check.json'),
  ];
  const model = await InferenceSession.create(await read('model.onnx'));
  return async (pixels) => {
    const said = await model.run({ image: new Tensor('uint8', pixels, [1, ...shape]) });
    const [exit, label] = [said.exit, said.label].map(({ data }) => Number(data[0]));
    return { exit, label, confidence: said.confidence.data[0] };
  };
}

export async function staged(read) {
  const [{ InferenceSession, Tensor }, { shape }] = [
    await runtime(),
    await json(read, 'check.json'),
  ];
  const { rule, agree, surest: takesSurest, exits } = await json(read, 'thresholds.json');
  const stages = [];
  for (const [exit, { file, judges }] of exits.entries())
    if (file) stages.push({ exit, judges, model: await InferenceSession.create(await read(file)) });
  return async (pixels) => {
    let x = new Tensor('uint8', pixels, [1, ...shape]);
    let surest = { confidence: -Infinity };
    for (const { exit, judges, model } of stages) {
      const { output, ...said } = await model.run({ [model.inputNames[0]]: x });
      const [label, confidences] = [Number(said.label.data[0]), [...said.confidence.data]];
      const here = { exit, label, confidence: confidences[0] };
      if (here.confidence > surest.confidence) surest = here;
      if (!output) return takesSurest ? { ...surest, exit } : here;
      const met = judges.map((of, j) =>
        HOLDS[rule](confidences[j], Math.fround(Number(of[of.length > 1 ? label : 0]))),
      );
      if (agree === 'or' ? met.includes(true) : !met.includes(false)) return here;
      x = output;
    }
  };
}

/** Decides the images of check.json with both; says how many come out as they did where they were traced. */
export async function check(read, say = console.log) {
  const { images, near } = await json(read, 'check.json');
  let fails = 0;
  for (const [name, open] of Object.entries({ 'model.onnx': whole, 'staged/': staged })) {
    const decide = await open(read);
    let [agree, off] = [0, 0];
    for (const [number, expected] of images.entries()) {
      const pixels = Uint8Array.from(atob(expected.pixels), (byte) => byte.charCodeAt(0));
      const { exit, label, confidence } = await decide(pixels);
      if (exit === expected.exit && label === expected.label) {
        agree++;
        off = Math.max(off, Math.abs(confidence - expected.confidence));
        continue;
      }
      if (!near.includes(number)) fails++;
      const why = near.includes(number) ? ' (within 1e-6 of a threshold)' : '';
      say(
        `  image ${number} left at ${exit} as ${label}; expected ${expected.exit} as ${expected.label}${why}`,
      );
    }
    say(`${name}: ${agree} of ${images.length} agree, confidences to ${off.toExponential(1)}`);
  }
  return fails;
}

if (globalThis.process?.argv[1]?.endsWith('offramp.mjs'))
  process.exitCode = (await check(onDisk)) ? 1 : 0;
