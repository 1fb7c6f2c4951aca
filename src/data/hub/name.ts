/** What a person calls a dataset of the Hugging Face Hub: "owner/name", with a configuration and a revision where it matters. */

export interface HubName {
  /** "ylecun/mnist". */
  readonly id: string;
  /** Which of its configurations; null: the only one, or the one that it calls its default. */
  readonly config: string | null;
  /** Branch, tag or commit; null: what is newest. */
  readonly revision: string | null;
}

/** Where the Hub is. */
export const HUB = 'https://huggingface.co';

const PART = '[\\w][\\w.-]*';
const NAME = new RegExp(`^(${PART}(?:/${PART})?)(?::([\\w.-]+))?(?:@([\\w./-]+))?$`);

/** Reads "owner/name:config@revision", or the address of a dataset's page; null for anything else. */
export function parseHubName(text: string): HubName | null {
  const page = /^(?:https?:\/\/)?(?:www\.)?(?:huggingface\.co|hf\.co)\/datasets\/([^?#]+)/i;
  const path = page.exec(text.trim())?.[1];
  if (path !== undefined) {
    const [owner, name, kind, ...rest] = path.replace(/\/+$/, '').split('/');
    const isSingle = name === undefined || name === 'tree' || name === 'viewer';
    const id = isSingle ? owner! : `${owner!}/${name}`;
    const [word, ...more] = isSingle ? [name, ...(kind ? [kind] : []), ...rest] : [kind, ...rest];
    const revision = word === 'tree' && more.length > 0 ? `@${more[0]!}` : '';
    const config = word === 'viewer' && more.length > 0 ? `:${more[0]!}` : '';
    return parseHubName(`${id}${config}${decodeURIComponent(revision)}`);
  }
  const match = NAME.exec(text.trim().replace(/^hf:(\/\/)?(datasets\/)?/, ''));
  if (!match) return null;
  return { id: match[1]!, config: match[2] ?? null, revision: match[3] ?? null };
}

export const hubText = ({ id, config, revision }: HubName): string =>
  id + (config === null ? '' : `:${config}`) + (revision === null ? '' : `@${revision}`);

/** Whether a name says the very commit, so that it means the same files for good. */
export const isPinned = ({ revision }: HubName): boolean =>
  revision !== null && /^[0-9a-f]{40}$/.test(revision);

/** What to do where the Hub's own files will not do. */
export const byHand = (id: string): string =>
  `Its page is ${HUB}/datasets/${id}: download its files there and drop them here, parquet files or folders of pictures.`;
