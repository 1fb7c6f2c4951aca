/**
 * Blocks of a document that are written by a command: what stands between
 *
 *   <!-- results: NAME -->
 *   <!-- end -->
 *
 * is made of recorded runs, so that no number in it is typed.
 */

const BLOCK = /^<!-- results: (.+?) -->$\n[\s\S]*?^<!-- end -->$/gm;

/**
 * The document with every block as it is made now.
 * @param blocks their texts, by name.
 * @throws Error with a sentence where the document has a block that nothing makes, or lacks one that is made.
 */
export function withBlocks(document: string, blocks: ReadonlyMap<string, string>): string {
  const missing = new Set(blocks.keys());
  const written = document.replace(BLOCK, (_, name: string) => {
    const text = blocks.get(name);
    if (text === undefined)
      throw new Error(
        `The document has a block “${name}”, which no recorded run makes: expected ${[...blocks.keys()].join(', ')}.`,
      );
    missing.delete(name);
    return marked(name, text);
  });
  if (missing.size > 0)
    throw new Error(
      `The document has no place for ${[...missing].map((name) => `“${name}”`).join(', ')}: write ` +
        `“<!-- results: ${[...missing][0]!} -->” and, on the next line, “<!-- end -->” where it belongs.`,
    );
  return written;
}

const marked = (name: string, text: string): string =>
  `<!-- results: ${name} -->\n\n${text}\n\n<!-- end -->`;
