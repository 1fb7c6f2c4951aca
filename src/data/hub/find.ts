/** Which parquet files a dataset of the Hub has at a commit: by the Hub's own list, nothing is guessed. */
import { DataError, grouped } from '../errors.ts';
import { featuresOfCard, isObject, type Features, type Json } from '../parquet/features.ts';
import { splitIn } from '../parquet/tree.ts';
import { isParquet } from '../pictures/names.ts';
import { askHub, type Ask } from './ask.ts';
import { byHand, HUB, type HubName } from './name.ts';

export interface HubFile {
  /** In the repository. */
  readonly path: string;
  /** Of that very commit. */
  readonly address: string;
  readonly bytes: number;
}

export interface HubDataset {
  /** As the Hub writes it, pinned to a commit. */
  readonly name: HubName;
  readonly files: readonly HubFile[];
  /** What its card says of its columns; null where it says nothing. */
  readonly features: Features | null;
}

/** Branch into which the Hub converts what is no parquet. */
const CONVERTED = 'refs/convert/parquet';
/** Most bytes of a dataset: they are fetched whole and held by the browser. */
const MOST_HUB_BYTES = 2 ** 30;

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/**
 * Resolves a name to a commit and the files of one configuration.
 * @throws DataError with a sentence: no such dataset, gated, no parquet, several configurations, too large, …; AbortError.
 */
export async function findOnHub(name: HubName, ask: Ask): Promise<HubDataset> {
  const about = await repository(name, name.revision ?? 'main', ask);
  let at = about;
  if (!at.files.some(({ path }) => isParquet(path)) && name.revision !== CONVERTED) {
    const converted = await repository(name, CONVERTED, ask).catch((error: unknown) => {
      if (error instanceof DataError) return null;
      throw error;
    });
    if (converted) at = converted;
  }
  const { id, sha } = at;
  const tables = at.files.filter(({ path }) => isParquet(path));
  if (tables.length === 0)
    throw new DataError(
      `${id} has no parquet files on the Hub, nor were any made of it. ${byHand(id)}`,
    );
  const configs = configsOf(
    tables.map(({ path }) => path),
    about.card,
  );
  const config = chosenConfig(id, name.config, configs, about.card);
  const chosen = new Set(configs.get(config));
  const files = tables
    .filter(({ path }) => chosen.has(path))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  if (bytes > MOST_HUB_BYTES)
    throw new DataError(
      `${id} has ${grouped(Math.round(bytes / 2 ** 20))} MiB of parquet files; up to ${MOST_HUB_BYTES / 2 ** 20} MiB are ` +
        `fetched. Download some of its files from ${HUB}/datasets/${id}/tree/main and drop them here.`,
    );
  return {
    name: { id, config: configs.size > 1 ? config : null, revision: sha },
    files: files.map(({ path, size }) => ({
      ...{ path, bytes: size },
      address: `${HUB}/datasets/${id}/resolve/${sha}/${path.split('/').map(encodeURIComponent).join('/')}`,
    })),
    features: featuresOfCard(infoOfCard(about.card, config)?.features),
  };
}

interface Repository {
  readonly id: string;
  readonly sha: string;
  readonly files: readonly { readonly path: string; readonly size: number }[];
  /** What its README says at its head. */
  readonly card: Json;
}

async function repository(name: HubName, revision: string, ask: Ask): Promise<Repository> {
  const path = `/api/datasets/${name.id}/revision/${encodeURIComponent(revision)}?blobs=true`;
  const json: unknown = await askHub(`${HUB}${path}`, { ...name, revision }, ask);
  const sha = isObject(json) ? textOf(json.sha) : null;
  if (!isObject(json) || sha === null || !Array.isArray(json.siblings))
    throw new DataError(
      `The Hub’s answer on ${name.id} is not understood: it lacks the commit or the list of files. ${byHand(name.id)}`,
    );
  if (json.gated === 'auto' || json.gated === 'manual')
    throw new DataError(
      `${name.id} is gated: its files are for who has accepted its terms on the Hub. ${byHand(name.id)}`,
    );
  const files = (json.siblings as readonly unknown[]).flatMap((file) => {
    const path = isObject(file) ? textOf(file.rfilename) : null;
    if (!isObject(file) || path === null) return [];
    return [{ path, size: typeof file.size === 'number' ? file.size : 0 }];
  });
  return {
    id: textOf(json.id) ?? name.id,
    ...{ sha, files },
    card: isObject(json.cardData) ? json.cardData : {},
  };
}

const listOf = (value: unknown): readonly Json[] =>
  (Array.isArray(value) ? (value as readonly unknown[]) : [value]).filter(isObject);

function infoOfCard(card: Json, config: string): Json | null {
  const all = listOf(card.dataset_info);
  return (
    all.find(({ config_name }) => config_name === config) ?? (all.length === 1 ? all[0]! : null)
  );
}

/** The files of each configuration: as the card's patterns say, else a folder each. */
function configsOf(paths: readonly string[], card: Json): Map<string, readonly string[]> {
  const configs = new Map<string, string[]>();
  const add = (config: string, path: string): void => {
    const files = configs.get(config);
    if (files) files.push(path);
    else configs.set(config, [path]);
  };
  for (const { config_name, data_files } of listOf(card.configs)) {
    const patterns = (Array.isArray(data_files) ? (data_files as readonly unknown[]) : [data_files])
      .flatMap((entry) => (isObject(entry) ? entry.path : entry))
      .filter((pattern) => typeof pattern === 'string')
      .map(matcher);
    for (const path of paths)
      if (patterns.some((pattern) => pattern.test(path)))
        add(textOf(config_name) ?? 'default', path);
  }
  if (configs.size > 0) return configs;
  // config/train-00000-of-00001.parquet, or config/train/0000.parquet; data/… belongs to no configuration.
  for (const path of paths) {
    const folder = path
      .split('/')
      .slice(0, -1)
      .filter((part) => splitIn(part) === null)[0];
    add(folder === undefined || folder === 'data' ? 'default' : folder, path);
  }
  return configs;
}

/** "data/train-*" as an expression. */
function matcher(pattern: string): RegExp {
  const parts = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('**/', '\u0000')
    .replaceAll('**', '\u0001')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]')
    .replaceAll('\u0000', '(?:.*/)?')
    .replaceAll('\u0001', '.*');
  return new RegExp(`^${parts}$`);
}

function chosenConfig(
  id: string,
  wanted: string | null,
  configs: ReadonlyMap<string, readonly string[]>,
  card: Json,
): string {
  const names = [...configs.keys()];
  if (wanted !== null && configs.has(wanted)) return wanted;
  const list = names.slice(0, 8).join(', ') + (names.length > 8 ? ', …' : '');
  if (wanted !== null && !(names.length === 1 && names[0] === 'default'))
    throw new DataError(
      `${id} has no configuration “${wanted}”; it has ${list}. Write it as ${id}:${names[0]!}.`,
    );
  const said = listOf(card.configs).find((config) => config.default === true);
  const preferred = [textOf(said?.config_name), 'default'].find(
    (name) => typeof name === 'string' && configs.has(name),
  );
  if (names.length === 1) return names[0]!;
  if (preferred) return preferred;
  throw new DataError(
    `${id} has several configurations: ${list}. Say which one: ${id}:${names[0]!}.`,
  );
}
