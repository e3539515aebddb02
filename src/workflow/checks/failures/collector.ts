import { cargoFailures, dotnetFailures, goFailures, gradleFailures, mavenFailures } from './compiled.ts';
import { counted } from './counted.ts';
import { bunFailures, jestFailures, mochaFailures, vitestFailures } from './javascript.ts';
import { specFailures, tapFailures } from './nodeTest.ts';
import { pytestFailures, unittestFailures } from './python.ts';
import type { FailureReader } from './reader.ts';

/** Names beyond these are not kept. */
const MAX_NAMES = 2_000;
/** Longer lines name no test. */
const MAX_LINE = 4_000;
// biome-ignore lint/suspicious/noControlCharactersInRegex: an escape character is what begins a colour.
const COLOURS = /\u001b\[[0-9;]*[A-Za-z]/g;

/**
 * Finds the names of failing tests in what a test command prints, whichever of the known runners it is: node:test
 * (spec and TAP), vitest, jest, mocha, bun, pytest, unittest, go, cargo, dotnet, Maven and Gradle.
 */
export class FailureCollector {
  readonly #readers: readonly FailureReader[] = [
    specFailures(),
    tapFailures(),
    vitestFailures(),
    jestFailures(),
    mochaFailures(),
    bunFailures(),
    pytestFailures(),
    unittestFailures(),
    goFailures(),
    cargoFailures(),
    dotnetFailures(),
    mavenFailures(),
    gradleFailures(),
  ];

  /** One line of one stream, without its end. */
  push(line: string): void {
    if (line.length > MAX_LINE) return;
    const plain = line.includes('\u001b') ? line.replace(COLOURS, '') : line;
    for (const reader of this.#readers) reader.line(plain);
  }

  /** The failing tests in the order they were named, each once; undefined when none is named. */
  names(): string[] | undefined {
    const names = this.#readers.flatMap((reader) => counted(reader.names()));
    const distinct = [...new Set(names)].slice(0, MAX_NAMES);
    return distinct.length === 0 ? undefined : distinct;
  }
}
