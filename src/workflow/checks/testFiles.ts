/**
 * Which files are tests, by the conventions of the toolchains: 'test' has tests in it, 'support' only serves them
 * (fixtures, helpers, snapshots), 'other' is what they test.
 */
export type TestRole = 'test' | 'support' | 'other';

const byName: readonly RegExp[] = [
  // JavaScript and TypeScript: a.test.ts, a.spec.tsx, a-test.mjs, a_spec.js, test-a.js, test.js
  /\.(?:tests?|specs?|cy|e2e)\.[cm]?[jt]sx?$/,
  /(?:^|\/)(?:[^/]*[-_])?(?:test|spec)s?\.[cm]?[jt]sx?$/,
  /(?:^|\/)test-[^/]*\.[cm]?[jt]sx?$/,
  // Python; tests.py is Django's
  /(?:^|\/)(?:test_[^/]*|tests?)\.py$/,
  /_test\.(?:py|go|rb|exs|dart|c|cc|cpp)$/,
  /_spec\.rb$/,
  // Rust's integration tests; those inside a source file cannot be told from what they test
  /(?:^|\/)tests\/[^/]+\.rs$/,
  /(?:^|\/)tests\/[^/]+\/main\.rs$/,
  // Java, Kotlin, Groovy, Scala, C#, PHP, Swift
  /(?:^|\/)[^/]*(?:Tests?|IT|Spec|TestCase)\.(?:java|kt|kts|groovy|scala|cs|fs|vb|php|swift)$/,
  /\.bats$/,
];

const inTestFolder =
  /(?:^|\/)(?:tests?|specs?|__tests__|__mocks__|__fixtures__|__snapshots__|fixtures|testdata|test-utils|e2e)\//i;
/** Folders that runners take tests from, whatever the files are called. */
const runnersFolder = /(?:^|\/)(?:tests?|specs?|__tests__|e2e)\//i;
const servesOthers =
  /(?:^|\/)(?:__mocks__|__fixtures__|__snapshots__|fixtures?|testdata|test-utils|helpers?|support|mocks?)\/|(?:^|[/._-])(?:helpers?|utils?|set-?up|fixtures?|mocks?|stubs?|globals?|config|index|main|mod|__init__)\.\w+$/i;
const supportName = /(?:^|\/)conftest\.py$|\.snap$|\.snapshot$/;

/** A call, or a definition, that only a file of tests has. */
const callsTests = /^\s*(?:export\s+)?(?:test|it|describe|suite|context|Deno\.test)(?:\.\w+)*\s*\(/m;
const defines = /^\s*(?:(?:async\s+)?def test_\w|class Test\w|#\[(?:\w+::)?test\]|@Test\b|\[(?:Test|Fact|Theory)\b)/m;
const script = /\.(?:[cm]?[jt]sx?|py|rs|java|kt|cs|rb|php|swift|exs)$/;

/**
 * @param text the file's: what is in a test folder under no such name counts as a test when it defines some; null where
 * it is not known, as of a file that is only planned: then what is called like nothing else there is taken for a test
 */
export function testRole(path: string, text: string | null): TestRole {
  if (supportName.test(path)) return 'support';
  if (byName.some((pattern) => pattern.test(path))) return 'test';
  if (!inTestFolder.test(path)) return 'other';
  if (!script.test(path)) return 'support';
  const isTest =
    text === null ? runnersFolder.test(path) && !servesOthers.test(path) : callsTests.test(text) || defines.test(text);
  return isTest ? 'test' : 'support';
}

/** What a test runner's name for a failing test looks like when it begins with its file. */
const startsWithFile = /^(\S+?\.\w+)(?:$|: | > |::| )/;

/**
 * Does a failing test stand in this file? By the file that its name begins with; else by whether the file has its name.
 * @param failure as a check named it
 * @param cwd the check's
 */
export function failsIn(failure: string, { path, text, cwd }: { path: string; text: string; cwd: string }): boolean {
  const file = startsWithFile.exec(failure)?.[1];
  if (file !== undefined && /[/.]/.test(file) && script.test(file)) {
    const inside = cwd === '.' ? path : path.startsWith(`${cwd}/`) ? path.slice(cwd.length + 1) : path;
    return file === path || file === inside;
  }
  const last = failure.split(/: | > |::|\//).at(-1) ?? failure;
  const name = last.replace(/ \(.*\)$/, '').trim();
  return name !== '' && text.includes(name);
}
