/**
 * `npm test`: types, lint, unit tests, production build, the Python package, browser tests against that build. Goes on after a failure, so
 * that everything is seen, and ends with one line: tests passed and failed, types, lint and build counted as one each.
 * `npm test -- types lint` runs those stages alone, so that a server can run them side by side. `ratios`, the benchmark that
 * fails, is run where it is named.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { getBrowser } from './browser.mjs';
import { getPython, MISSING, NO_TORCH } from './python.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const reports = mkdtempSync(join(tmpdir(), 'offramp-test-'));
const results = [];

const USUAL = ['types', 'lint', 'unit', 'build', 'python', 'training', 'browser'];
const STAGES = [...USUAL, 'ratios'];
const named = process.argv.slice(2);
const unknown = named.filter((name) => !STAGES.includes(name));
if (unknown.length > 0) {
  console.error(`There is no stage ${unknown.join(', ')}; the stages are ${STAGES.join(', ')}.`);
  process.exit(2);
}
const wanted = named.length > 0 ? named : USUAL;

/** Runs a program of node_modules; true when it succeeded. */
function run(command, args, env = {}) {
  console.log(`$ ${command} ${args.join(' ')}`);
  const { status } = spawnSync(join('node_modules', '.bin', command), args, {
    stdio: 'inherit',
    env: { ...process.env, ...env },
    shell: process.platform === 'win32',
  });
  return status === 0;
}

/** One stage under its heading: `work` returns how many passed and how many failed; true where it was not asked for. */
function stage(name, title, work) {
  if (!wanted.includes(name)) return true;
  console.log(`\n=== ${title} ===`);
  const started = performance.now();
  const { passed, failed } = work();
  const seconds = (performance.now() - started) / 1000;
  const words = `${title}: ${passed} passed, ${failed} failed (${seconds.toFixed(0)} s)`;
  console.log(words);
  results.push({ passed, failed, words });
  return failed === 0;
}

const asOne = (succeeded) => ({ passed: succeeded ? 1 : 0, failed: succeeded ? 0 : 1 });

/** What a report says; a program that failed without saying which test did counts as one failure. */
function counted(succeeded, file, read) {
  try {
    const { passed, failed } = read(JSON.parse(readFileSync(file, 'utf8')));
    return { passed, failed: succeeded ? failed : Math.max(1, failed) };
  } catch (error) {
    console.log(`There is no report: ${error.message}`);
    return { passed: 0, failed: 1 };
  }
}

function unitTests() {
  const file = join(reports, 'vitest.json');
  const succeeded = run('vitest', [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ]);
  return counted(succeeded, file, ({ numPassedTests, numFailedTests, testResults }) => {
    // A file that cannot be loaded has no tests to fail.
    const broken = testResults.filter(
      ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
    );
    return { passed: numPassedTests, failed: numFailedTests + broken.length };
  });
}

function browserTests() {
  let browser;
  try {
    browser = getBrowser();
  } catch (error) {
    console.log(error.message);
    return { passed: 0, failed: 1 };
  }
  const file = join(reports, 'playwright.json');
  const succeeded = run('playwright', ['test', '--reporter=list,json'], {
    OFFRAMP_CHROMIUM: browser,
    PLAYWRIGHT_JSON_OUTPUT_FILE: file,
  });
  return counted(succeeded, file, ({ stats, errors }) => ({
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky + errors.length,
  }));
}

function ratios() {
  const args = ['--import', 'tsx', 'bench/ratios.ts'];
  console.log(`$ node ${args.join(' ')}`);
  return spawnSync(process.execPath, args, { stdio: 'inherit' }).status === 0;
}

/**
 * The Python tests of one folder; what they leave out, and why, is in their lines. Nothing is counted where there is no
 * Python for them.
 */
function pythonTests(start, top, needsTorch) {
  const { python, hasTorch } = getPython();
  if (python === null || (needsTorch && !hasTorch)) {
    console.log(python === null ? MISSING : NO_TORCH);
    return { passed: 0, failed: 0 };
  }
  const args = ['-m', 'unittest', 'discover', '-v', '-s', start, '-t', top];
  console.log(`$ ${python} ${args.join(' ')}`);
  const { status, stderr } = spawnSync(python, args, {
    encoding: 'utf8',
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
  });
  console.log(stderr);
  // "Ran 60 tests in 40 s", and on the last line "FAILED (failures=1, errors=2, skipped=3)".
  const last = stderr.trim().split('\n').at(-1);
  const numberIn = (pattern, text) => Number(pattern.exec(text)?.[1] ?? 0);
  const ran = numberIn(/^Ran (\d+) test/m, stderr);
  const skipped = numberIn(/skipped=(\d+)/, last);
  const failed = numberIn(/failures=(\d+)/, last) + numberIn(/errors=(\d+)/, last);
  if (status === 0) return { passed: ran - skipped, failed: 0 };
  return { passed: Math.max(0, ran - skipped - failed), failed: Math.max(1, failed) };
}

stage('types', 'Types', () =>
  asOne(
    ['core', 'worker', 'page', 'node']
      .map((name) => run('tsc', ['-p', `tsconfig.${name}.json`]))
      .every(Boolean),
  ),
);
stage('lint', 'Lint', () =>
  asOne([run('eslint', ['.']), run('prettier', ['--check', '.']), run('knip', [])].every(Boolean)),
);
stage('unit', 'Unit tests', unitTests);
const isBuilt = stage('build', 'Production build', () => asOne(run('vite', ['build'])));
stage('python', 'Python package', () => pythonTests('python/tests', 'python', false));
stage('training', 'Training', () => pythonTests('training', 'training', true));
if (isBuilt) stage('browser', 'Browser tests', browserTests);
else console.log('\nThe browser tests were not run: there is no build.');
if (isBuilt) stage('ratios', 'Ratios to the last release', () => asOne(ratios()));

rmSync(reports, { recursive: true, force: true });
const sum = (key) => results.reduce((total, result) => total + result[key], 0);
console.log(`\n${results.map(({ words }) => words).join('\n')}\n`);
console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
process.exitCode = sum('failed') === 0 ? 0 : 1;
