/** Layers' names from module paths: "/layer1/layer1.0/conv1/Conv" → "layer1.0.conv1". */
import type { OnnxNode, TensorBytes } from './model.ts';

/** Modules that call others: what they compute themselves is named after them and the operation. */
export function callersIn(nodes: readonly OnnxNode[]): ReadonlySet<string> {
  const callers = new Set<string>();
  for (const node of nodes) {
    const path = scopesOf(node) ?? [];
    for (let length = 1; length < path.length; length++)
      callers.add(path.slice(0, length).join('/'));
  }
  return callers;
}

/**
 * The module path of a node with dots, without what is said twice; else the owner of its weights, else its own name.
 * @param tensors to know weights by, whose names end in ".weight" where an exporter keeps them.
 */
export function moduleName(
  node: OnnxNode,
  callers: ReadonlySet<string>,
  tensors: ReadonlyMap<string, TensorBytes>,
): string {
  const { type, inputs } = node;
  const operation = type.toLowerCase();
  const path = scopesOf(node);
  if (path)
    return joined(callers.has(path.join('/')) || path.length === 0 ? [...path, operation] : path);
  for (const input of inputs.slice(1)) {
    const owner = /^([\w.]+)\.(weight|bias|running_mean|gamma)$/.exec(input)?.[1];
    if (owner !== undefined && tensors.has(input)) return owner;
  }
  return clean(node.name) || operation;
}

/** The modules around a node, from the outermost on; null where the file does not say. */
function scopesOf({ name, scopes }: OnnxNode): readonly string[] | null {
  // The last one is the operation itself.
  if (scopes.length > 1) return scopes.slice(0, -1).filter((scope) => scope !== '');
  if (!name.startsWith('/')) return null;
  return name.split('/').slice(1, -1);
}

function joined(parts: readonly string[]): string {
  const path: string[] = [];
  for (const part of parts) {
    const before = path.at(-1);
    if (before !== undefined && (part === before || part.startsWith(`${before}.`))) path.pop();
    path.push(part);
  }
  return clean(path.join('.'));
}

/** Without marks that stand for something in names of weights and stages. */
function clean(name: string): string {
  return name.replace(/[^\w.]+/g, '_').replace(/^[_.]+|[_.]+$/g, '');
}
