/**
 * What recorded runs have, for docs/results.md:
 *
 *   npm run results                        prints it of the runs in public/runs
 *   npm run results -- --into FILE         writes it into the blocks of a document
 *   npm run results -- FOLDER              prints it of another folder, with an index.json or with any traces
 *   npm run results -- FOLDER RULE         where neither the method nor a file says how confidences are held
 *
 * Thresholds are found on the training trace and drawn on test.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { rules } from '../src/core/policy.ts';
import { withBlocks } from './blocks.ts';
import { recordedIn, RUNS } from './recorded-in.ts';
import { sectionsOf } from './result-blocks.ts';

/** Ends with a sentence, as the other commands do. */
function refuse(sentence: string): never {
  console.error(sentence);
  process.exit(1);
}

const { values, positionals } = parseArgs({
  options: { into: { type: 'string' } },
  allowPositionals: true,
});
const [folder = RUNS, ruleName] = positionals;
const rule = rules.find((one) => one === ruleName);
if (ruleName && !rule) refuse(`The rule is ${ruleName}; expected ${rules.join(', ')}.`);
if (!existsSync(folder)) refuse(`There is no folder ${folder}.`);
const recorded = await recordedIn(folder, rule);
for (const note of recorded.notes) console.error(note);
if (recorded.traced.length === 0)
  console.error(`${folder} has no run: expected NAME-train.trace.json and NAME-test.trace.json.`);
/** The paper is held against what comes with the page. */
const sections = sectionsOf(recorded, folder === RUNS);
if (values.into === undefined) {
  for (const { heading, blocks } of sections) {
    if (blocks.size === 0) continue;
    console.log(`## ${heading}\n`);
    for (const [name, text] of blocks)
      console.log(`${name.includes(' ') ? `### ${name}\n\n` : ''}${text}\n`);
  }
} else {
  if (!existsSync(values.into)) refuse(`There is no file ${values.into}.`);
  const blocks = new Map(sections.flatMap((section) => [...section.blocks]));
  try {
    writeFileSync(values.into, withBlocks(readFileSync(values.into, 'utf8'), blocks));
  } catch (error) {
    refuse(`${values.into} was left as it is. ${(error as Error).message}`);
  }
}
