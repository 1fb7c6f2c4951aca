/** A Python that tests may use: the first that has NumPy and PyTorch, else one that has NumPy alone. */
import { spawnSync } from 'node:child_process';

const candidates = [process.env.OFFRAMP_PYTHON, 'python3', '/usr/bin/python3'].filter(Boolean);

const has = (command, modules) =>
  spawnSync(command, ['-c', `import ${modules}`], { stdio: 'ignore' }).status === 0;

/**
 * The command and what it lacks: `python` is null where no Python has NumPy; `hasTorch` says whether networks can be run.
 */
export function getPython() {
  const withTorch = candidates.find((command) => has(command, 'numpy, torch'));
  const python = withTorch ?? candidates.find((command) => has(command, 'numpy')) ?? null;
  return { python, hasTorch: withTorch !== undefined };
}

export const MISSING =
  'There is no Python with NumPy: apt-get install python3-numpy python3-torch, or name one by OFFRAMP_PYTHON.';

export const NO_TORCH =
  'There is no Python with PyTorch: apt-get install python3-torch, or name one by OFFRAMP_PYTHON.';
