import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Outcome, runJob } from './job.ts';
import { faultPoints } from './points.ts';
import { files } from './script.ts';

/** The workspace and the database of one run of the job, and what it is tested as. */
export interface Trial {
  /** Which of the points, from 1. */
  readonly at: number;
  readonly folder: string;
  readonly database: string;
}

/** The job done once without any fault, and the means to compare disturbed runs of it with that one. */
export class Rehearsal {
  /** At how many points the job writes or pays. */
  readonly points: number;
  readonly #scratch: string;
  readonly #outcome: Outcome;
  readonly #finalFiles: ReadonlyMap<string, string>;
  /** Every content that a file ever has, in a run that decides before it writes. */
  readonly #lawful: ReadonlyMap<string, ReadonlySet<string>>;

  private constructor(
    points: number,
    scratch: string,
    outcome: Outcome,
    finalFiles: ReadonlyMap<string, string>,
    lawful: ReadonlyMap<string, ReadonlySet<string>>,
  ) {
    this.points = points;
    this.#scratch = scratch;
    this.#outcome = outcome;
    this.#finalFiles = finalFiles;
    this.#lawful = lawful;
  }

  static async hold(): Promise<Rehearsal> {
    const scratch = mkdtempSync(join(tmpdir(), 'planwright-faults-'));
    const { folder, database } = place(scratch, 0);
    const lawful = new Map<string, Set<string>>();
    let points = 0;
    const count = faultPoints(() => {
      points += 1;
      for (const [path, text] of read(folder)) lawful.set(path, (lawful.get(path) ?? new Set()).add(text));
    });
    const outcome = await runJob(folder, database, count);
    const finalFiles = read(folder);
    assert.equal(outcome.status, 'completed');
    assert.match(finalFiles.get('src/greet.ts') ?? '', /Hello ' \+ name/);
    assert.match(finalFiles.get('src/greet.ts') ?? '', /return 'Bye'/);
    return new Rehearsal(points, scratch, outcome, finalFiles, lawful);
  }

  /**
   * Tries the job once for each point, each in a place of its own that is gone afterwards.
   * @param trial answers up to which point a trial would be this one again, where that is further than its own
   */
  async eachPoint(trial: (trial: Trial) => Promise<number | undefined>, sideBySide = 1): Promise<void> {
    let next = 1;
    const worker = async () => {
      for (let at = next++; at <= this.points; at = next++) {
        const own = place(this.#scratch, at);
        const same = await trial(own);
        if (same !== undefined) next = Math.max(next, same + 1);
        rmSync(dirname(own.folder), { recursive: true, force: true });
      }
    };
    await Promise.all(Array.from({ length: sideBySide }, worker));
  }

  /** A disturbed run that went on has come to what the undisturbed one came to. */
  assertSame({ at, folder }: Trial, resumed: Outcome): void {
    const when = `point ${at}`;
    assert.equal(resumed.status, 'completed', when);
    assert.deepEqual(resumed.output, this.#outcome.output, when);
    // What was committed is not made again, and nothing else is left out.
    assert.equal(resumed.committedBefore + resumed.made, this.#outcome.made, when);
    assert.deepEqual(read(folder), this.#finalFiles, when);
  }

  /** Nothing is on disk that no decision stands behind, a scratch file of an interrupted write apart. */
  assertNothingUnasked({ at, folder }: Trial): void {
    for (const [path, text] of read(folder)) {
      if (path.includes('.planwright-')) continue;
      assert.ok(this.#lawful.get(path)?.has(text), `point ${at}: ${path} is\n${text}`);
    }
  }

  end(): void {
    rmSync(this.#scratch, { recursive: true, force: true });
  }
}

function place(scratch: string, at: number): Trial {
  const folder = join(scratch, String(at), 'greeter');
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return { at, folder, database: join(scratch, String(at), 'planwright.db') };
}

function read(folder: string): Map<string, string> {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return new Map(paths.sort().map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]));
}
