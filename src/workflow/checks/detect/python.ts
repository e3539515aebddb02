import type { CheckCommand } from '../checks.ts';
import { check, fileIn, fileName, outermost, REPORTS, type Tree } from './tree.ts';

const manifest = /^(pyproject\.toml|setup\.py|setup\.cfg|requirements[\w.-]*\.txt|Pipfile|pytest\.ini|tox\.ini)$/;
const listed = /^(pyproject\.toml|setup\.py|setup\.cfg|[\w.-]*requirements[\w.-]*\.txt|Pipfile|tox\.ini)$/;
const testFile = /(^|\/)(test_[^/]*|[^/]*_test)\.py$/;

/** Python: pytest or unittest, mypy or pyright, ruff, flake8 and black, where they are listed or set up. */
export async function pythonChecks(tree: Tree): Promise<CheckCommand[]> {
  const folders = outermost(tree, (name) => manifest.test(name));
  return (await Promise.all(folders.map((folder) => checksOf(tree, folder)))).flat();
}

async function checksOf(tree: Tree, folder: string): Promise<CheckCommand[]> {
  const has = (name: string) => tree.has(fileIn(folder, name));
  const inside = tree.paths.filter((path) => folder === '.' || path.startsWith(`${folder}/`));
  const depth = folder === '.' ? 0 : folder.split('/').length;
  // Also requirements/dev.txt and the like.
  const near = inside.filter((path) => path.split('/').length <= depth + 2);
  const manifests = near.filter(
    (path) => listed.test(fileName(path)) || /(^|\/)requirements\/[\w.-]+\.txt$/.test(path),
  );
  const text = (await Promise.all(manifests.map((path) => tree.read(path)))).join('\n').replace(/^\s*#.*$/gm, '');
  const lists = (tool: string) => new RegExp(`(^|["'\\s,])${tool}($|["'\\s\\[<>=~!;,])`, 'im').test(text);
  const section = (name: string) => new RegExp(`^\\s*\\[${name}\\b`, 'm').test(text);
  const module = (...args: string[]) => ['python', '-m', ...args];
  const checks: CheckCommand[] = [];

  const hasTests = inside.some((path) => testFile.test(path));
  const usesPytest =
    lists('pytest') ||
    lists('pytest-cov') ||
    section('tool\\.pytest') ||
    section('tool:pytest') ||
    has('pytest.ini') ||
    has('conftest.py');
  if (usesPytest || (hasTests && inside.some((path) => fileName(path) === 'conftest.py'))) {
    const report = `${REPORTS}/coverage.xml`;
    const coverage: CheckCommand['coverage'] = lists('pytest-cov')
      ? { command: module('pytest', '--cov', `--cov-report=xml:${report}`), report, format: 'cobertura' }
      : undefined;
    checks.push(check(folder, 'pytest', 'test', module('pytest'), coverage));
  } else if (has('manage.py')) {
    checks.push(check(folder, 'manage.py test', 'test', ['python', 'manage.py', 'test']));
  } else if (hasTests) {
    checks.push(check(folder, 'unittest', 'test', module('unittest', 'discover')));
  }

  if (lists('mypy') || section('tool\\.mypy') || section('mypy') || has('mypy.ini') || has('.mypy.ini')) {
    const settings = `${text}\n${await tree.read(fileIn(folder, 'mypy.ini'))}`;
    // Told what to look at, mypy is not told again.
    const told = /^\s*(files|packages|modules)\s*=/m.test(sectionOf(settings, '(tool\\.)?mypy'));
    checks.push(check(folder, 'mypy', 'types', told ? module('mypy') : module('mypy', '.')));
  } else if (has('pyrightconfig.json') || section('tool\\.pyright') || lists('pyright')) {
    checks.push(check(folder, 'pyright', 'types', ['pyright']));
  }

  const usesRuff = lists('ruff') || section('tool\\.ruff') || has('ruff.toml') || has('.ruff.toml');
  if (usesRuff) checks.push(check(folder, 'ruff check', 'lint', ['ruff', 'check', '.']));
  else if (lists('flake8') || section('flake8') || has('.flake8')) {
    checks.push(check(folder, 'flake8', 'lint', module('flake8')));
  }
  if (section('tool\\.ruff\\.format')) {
    checks.push(check(folder, 'ruff format', 'format', ['ruff', 'format', '--check', '.']));
  } else if (lists('black') || section('tool\\.black')) {
    checks.push(check(folder, 'black', 'format', module('black', '--check', '.')));
  }
  return checks;
}

/** The lines of a section of an INI or TOML text. */
function sectionOf(text: string, name: string): string {
  const start = new RegExp(`^\\s*\\[${name}\\]\\s*$`, 'm').exec(text);
  if (!start) return '';
  const rest = text.slice(start.index + start[0].length);
  const end = rest.search(/^\s*\[/m);
  return end === -1 ? rest : rest.slice(0, end);
}
