import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { ErrorInfo } from '../errors.ts';
import type { Clock } from '../ports.ts';
import { type Input, type PhaseName, phaseNames, type RunStatus } from '../schemas.ts';
import { EditStore } from './editStore.ts';
import type { Decision, Gate, RunEvent, StoredEvent } from './events.ts';
import { json, parse } from './json.ts';
import { OwnWrites } from './ownWrites.ts';
import { type Row, Statements } from './statements.ts';

export interface RunRecord {
  readonly id: string;
  readonly createdAt: number;
  readonly input: Input;
  readonly model: string;
  readonly workspace: string;
  readonly status: RunStatus;
  readonly currentPhase: PhaseName | null;
  readonly attempt: number;
  /** The developer paused it: nobody goes on with it by itself. */
  readonly paused: boolean;
}

/** The choice under which work was called off; beside gates, which somebody asks, this one nobody asked. */
const CALL_OFF = 'call-off';

/** One pass over a run's phases, from its start or from a later phase on. */
export interface AttemptRecord {
  readonly attempt: number;
  /** The attempt whose journal it began with, and the first phase it made anew; null for the first. */
  readonly source: { readonly attempt: number; readonly from: PhaseName } | null;
  readonly createdAt: number;
}

export interface StoredStep {
  readonly inputHash: string;
  readonly result: unknown;
}

/** What model calls of one model have taken, over all attempts of a run. */
export interface Spent {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Milliseconds spent waiting for models. */
  readonly modelMs: number;
  /** In the currency of the price table; of the calls that had a price. */
  readonly cost: number;
}

/**
 * The tables of one database, typed. Every write is committed when the call returns and survives the end of the
 * process; decisions, edits and paid results have reached the disk as well.
 */
export class Store {
  /** Proposals and edits of files. */
  readonly edits: EditStore;
  /** What Planwright itself wrote. */
  readonly own: OwnWrites;
  readonly #sql: Statements;
  readonly #clock: Clock;
  readonly #listeners = new Set<(stored: StoredEvent) => void>();
  /** Events of an open transaction: nobody hears of them before it is committed. */
  #held: StoredEvent[] | undefined;

  constructor(db: DatabaseSync, clock: Clock) {
    this.#sql = new Statements(db);
    this.#clock = clock;
    this.edits = new EditStore(this.#sql, clock);
    this.own = new OwnWrites(this.#sql, clock);
  }

  /**
   * All writes of `work` or none; what it appends is told once it is committed.
   * @param survives the end of the process, or also that of the machine
   */
  atomically<T>(work: () => T, survives: 'process' | 'machine' = 'process'): T {
    if (this.#held) return work();
    const held: StoredEvent[] = [];
    this.#held = held;
    let result: T;
    try {
      const commit = () => this.#sql.transaction(work);
      result = survives === 'machine' ? this.#sql.durably(commit) : commit();
    } finally {
      this.#held = undefined;
    }
    for (const stored of held) this.#tell(stored);
    return result;
  }

  // --- Runs and attempts -----------------------------------------------------------------------

  createRun(input: Input, about: { readonly model: string; readonly workspace: string }): string {
    const now = this.#clock.now();
    const id = `${now.toString(36)}${randomBytes(3).toString('hex')}`;
    this.#sql.transaction(() => {
      this.#sql.run(
        'INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, NULL, 1, NULL, NULL, 0)',
        id,
        now,
        json(input),
        about.model,
        about.workspace,
        'queued',
      );
      this.#sql.run('INSERT INTO attempts VALUES (?, 1, NULL, NULL, ?)', id, now);
    });
    return id;
  }

  getRun(id: string): RunRecord | undefined {
    const row = this.#sql.get('SELECT * FROM runs WHERE id = ?', id);
    return row && recordOf(row);
  }

  /** As `getRun`, without reading what may be long. */
  hasRun(id: string): boolean {
    return this.#sql.get('SELECT 1 FROM runs WHERE id = ?', id) !== undefined;
  }

  /** Newest first. */
  listRuns(): RunRecord[] {
    return this.#sql.all('SELECT * FROM runs ORDER BY created_at DESC, rowid DESC').map(recordOf);
  }

  /** The ids of all runs, newest first. */
  runIds(): string[] {
    return this.#sql.all('SELECT id FROM runs ORDER BY created_at DESC, rowid DESC').map(({ id }) => String(id));
  }

  setStatus(id: string, status: RunStatus): void {
    this.#sql.run('UPDATE runs SET status = ? WHERE id = ? AND status <> ?', status, id, status);
  }

  setPhase(id: string, phase: PhaseName): void {
    this.#sql.run('UPDATE runs SET current_phase = ? WHERE id = ?', phase, id);
  }

  setOutcome(id: string, status: RunStatus, outcome: { readonly output?: unknown; readonly error?: ErrorInfo }): void {
    const { output, error } = outcome;
    this.#sql.run(
      'UPDATE runs SET status = ?, output_json = ?, error_json = ? WHERE id = ?',
      status,
      output === undefined ? null : json(output),
      error === undefined ? null : json(error),
      id,
    );
  }

  setPaused(id: string, paused: boolean): void {
    this.#sql.run('UPDATE runs SET paused = ? WHERE id = ?', paused ? 1 : 0, id);
  }

  /** Removes the run with all its attempts and artefacts, and gives their space back. */
  deleteRun(id: string): void {
    this.#sql.run('DELETE FROM runs WHERE id = ?', id);
    this.#sql.exec('PRAGMA incremental_vacuum');
  }

  /** Oldest first. */
  listAttempts(id: string): AttemptRecord[] {
    return this.#sql.all('SELECT * FROM attempts WHERE run = ? ORDER BY attempt', id).map((row) => ({
      attempt: Number(row.attempt),
      source:
        row.source_attempt === null
          ? null
          : { attempt: Number(row.source_attempt), from: String(row.from_phase) as PhaseName },
      createdAt: Number(row.created_at),
    }));
  }

  /** What the run's model calls have taken so far, over all attempts; a call that several attempts share counts once. */
  spent(id: string): Spent {
    const row = this.#sql.get(
      `SELECT TOTAL(json_extract(data_json, '$.inputTokens')) AS input, TOTAL(json_extract(data_json, '$.outputTokens')) AS output,
         TOTAL(json_extract(data_json, '$.durationMs')) AS ms, TOTAL(json_extract(data_json, '$.cost')) AS cost
       FROM (SELECT DISTINCT data_json FROM events WHERE run = ? AND type = 'usage')`,
      id,
    );
    return {
      inputTokens: Number(row?.input ?? 0),
      outputTokens: Number(row?.output ?? 0),
      modelMs: Number(row?.ms ?? 0),
      cost: Number(row?.cost ?? 0),
    };
  }

  /**
   * Begins the next attempt with the journal of the phases before `from`. The earlier attempt stays as it is.
   * Names begin with their phase and a slash; what has no phase belongs to the start and is kept.
   */
  forkAttempt(id: string, from: PhaseName, source = this.getRun(id)?.attempt ?? 1): number {
    const next = (this.getRun(id)?.attempt ?? 0) + 1;
    const dropped = phaseNames.slice(phaseNames.indexOf(from)).map((phase) => `${phase}/%`);
    const kept = (column: string) => dropped.map(() => `AND ${column} NOT LIKE ?`).join(' ');
    this.#sql.transaction(() => {
      this.#sql.run('INSERT INTO attempts VALUES (?, ?, ?, ?, ?)', id, next, source, from, this.#clock.now());
      this.#sql.run(
        `INSERT INTO steps SELECT run, ?, name, input_hash, result_json, committed_at FROM steps WHERE run = ? AND attempt = ? ${kept('name')}`,
        next,
        id,
        source,
        ...dropped,
      );
      this.#sql.run(
        `INSERT INTO gates SELECT run, ?, id, gate_json, opened_at, decision_json, decided_at FROM gates
         WHERE run = ? AND attempt = ? AND decision_json IS NOT NULL ${kept('id')}`,
        next,
        id,
        source,
        ...dropped,
      );
      this.#sql.run(
        'UPDATE runs SET attempt = ?, status = ?, paused = 0, output_json = NULL, error_json = NULL WHERE id = ?',
        next,
        'queued',
        id,
      );
    });
    return next;
  }

  // --- Steps and gates -------------------------------------------------------------------------

  step(run: string, attempt: number, name: string): StoredStep | undefined {
    const row = this.#sql.get(
      'SELECT input_hash, result_json FROM steps WHERE run = ? AND attempt = ? AND name = ?',
      run,
      attempt,
      name,
    );
    return row && { inputHash: String(row.input_hash), result: parse(row.result_json) };
  }

  /** The names of an attempt's finished steps, in the order they were committed. */
  stepNames(run: string, attempt: number): string[] {
    return this.#sql
      .all('SELECT name FROM steps WHERE run = ? AND attempt = ? ORDER BY rowid', run, attempt)
      .map(({ name }) => String(name));
  }

  /**
   * Commits a step's result, if `owner` holds the run: a process that was stopped for longer than its lease and
   * wakes up must not write into a run that another one has taken over.
   * @param json the result
   * @returns false when the lease is lost; nothing is written then
   */
  commitStep(
    run: string,
    attempt: number,
    name: string,
    step: { readonly inputHash: string; readonly json: string; readonly onDisk: boolean },
    owner: string,
  ): boolean {
    const write = () =>
      this.#sql.run(
        `INSERT INTO steps SELECT ?, ?, ?, ?, ?, ? WHERE EXISTS (SELECT 1 FROM leases WHERE run = ? AND owner = ?)`,
        run,
        attempt,
        name,
        step.inputHash,
        step.json,
        this.#clock.now(),
        run,
        owner,
      );
    return (step.onDisk ? this.#sql.durably(write) : write()) > 0;
  }

  openGate(run: string, attempt: number, gate: Gate): void {
    this.#sql.run(
      'INSERT OR IGNORE INTO gates VALUES (?, ?, ?, ?, ?, NULL, NULL)',
      run,
      attempt,
      gate.id,
      json(gate),
      this.#clock.now(),
    );
  }

  decision(run: string, attempt: number, gateId: string): Decision | undefined {
    const row = this.#sql.get(
      'SELECT decision_json FROM gates WHERE run = ? AND attempt = ? AND id = ?',
      run,
      attempt,
      gateId,
    );
    return row?.decision_json ? (parse(row.decision_json) as Decision) : undefined;
  }

  openGates(run: string, attempt: number): Gate[] {
    const rows = this.#sql.all(
      'SELECT gate_json FROM gates WHERE run = ? AND attempt = ? AND decision_json IS NULL',
      run,
      attempt,
    );
    return rows.map(({ gate_json }) => parse(gate_json) as Gate);
  }

  /** The first decision counts; false when there was one already, or no such gate. */
  recordDecision(run: string, attempt: number, gateId: string, decision: Decision): boolean {
    return this.atomically(() => {
      const changes = this.#sql.run(
        'UPDATE gates SET decision_json = ?, decided_at = ? WHERE run = ? AND attempt = ? AND id = ? AND decision_json IS NULL',
        json(decision),
        this.#clock.now(),
        run,
        attempt,
        gateId,
      );
      if (changes === 0) return false;
      this.appendEvent(run, attempt, { type: 'gate.decided', gateId, decision }, `gate-decided:${gateId}`);
      return true;
    }, 'machine');
  }

  /**
   * Has the work of that name stop, see `Run.tryOut`, and says so in the log; once.
   * @returns false when it was called off before
   */
  callOff(run: string, attempt: number, name: string, by: string, event: RunEvent): boolean {
    return this.atomically(() => {
      const now = this.#clock.now();
      const changes = this.#sql.run(
        'INSERT OR IGNORE INTO gates VALUES (?, ?, ?, ?, ?, ?, ?)',
        run,
        attempt,
        name,
        json({ id: name, kind: CALL_OFF }),
        now,
        json({ choice: CALL_OFF, by } satisfies Decision),
        now,
      );
      if (changes === 0) return false;
      this.appendEvent(run, attempt, event, `called-off:${name}`);
      return true;
    }, 'machine');
  }

  isCalledOff(run: string, attempt: number, name: string): boolean {
    return this.decision(run, attempt, name)?.choice === CALL_OFF;
  }

  /** How often the developer let a held gate of this key pass, over all attempts. A decision a later attempt took over counts once. */
  raised(run: string, key: string): number {
    const row = this.#sql.get(
      'SELECT COUNT(DISTINCT decided_at || id) AS count FROM gates WHERE run = ? AND substr(id, 1, ?) = ? AND decision_json IS NOT NULL',
      run,
      key.length + 1,
      `${key}-`,
    );
    return Number(row?.count ?? 0);
  }

  /** How many gates of an attempt with ids that begin so are decided. */
  decidedGates(run: string, attempt: number, prefix: string): number {
    const row = this.#sql.get(
      'SELECT COUNT(*) AS count FROM gates WHERE run = ? AND attempt = ? AND substr(id, 1, ?) = ? AND decision_json IS NOT NULL',
      run,
      attempt,
      prefix.length,
      prefix,
    );
    return Number(row?.count ?? 0);
  }

  // --- Events ----------------------------------------------------------------------------------

  /** Appends unless the attempt has an event under this key already. True when it did append. */
  appendEvent(run: string, attempt: number, event: RunEvent, key: string): boolean {
    const at = this.#clock.now();
    const row = this.#sql.get(
      `INSERT INTO events SELECT ?, COALESCE(MAX(seq), 0) + 1, ?, ?, ?, ?, ? FROM events WHERE run = ?
       ON CONFLICT (run, attempt, key) DO NOTHING RETURNING seq`,
      run,
      attempt,
      at,
      key,
      event.type,
      json(event),
      run,
    );
    if (!row) return false;
    const stored: StoredEvent = { runId: run, attempt, seq: Number(row.seq), at, event };
    if (this.#held) this.#held.push(stored);
    else this.#tell(stored);
    return true;
  }

  /**
   * The events of a run after `seq`, in order.
   * @param limit at most so many; all when absent
   */
  events(run: string, seq: number, limit = -1): StoredEvent[] {
    const rows = this.#sql.all('SELECT * FROM events WHERE run = ? AND seq > ? ORDER BY seq LIMIT ?', run, seq, limit);
    return rows.map((row) => ({
      runId: run,
      attempt: Number(row.attempt),
      seq: Number(row.seq),
      at: Number(row.at),
      event: parse(row.data_json) as RunEvent,
    }));
  }

  /** How far each run's log goes: the sequence number of its last event, by run, newest run first. Nothing else is read. */
  lastSeqs(): Map<string, number> {
    const rows = this.#sql.all(
      'SELECT id, (SELECT MAX(seq) FROM events WHERE run = runs.id) AS seq FROM runs ORDER BY created_at DESC, rowid DESC',
    );
    return new Map(rows.map(({ id, seq }) => [String(id), Number(seq ?? 0)]));
  }

  /** When the newest event of a run happened, in milliseconds since the epoch; when it was made if it has none. */
  lastEventAt(run: string): number {
    const row = this.#sql.get(
      'SELECT COALESCE((SELECT at FROM events WHERE run = ? ORDER BY seq DESC LIMIT 1), created_at) AS at FROM runs WHERE id = ?',
      run,
      run,
    );
    return Number(row?.at ?? 0);
  }

  /** Changes when another connection, of this process or another, has written to the database. */
  foreignVersion(): number {
    return Number(this.#sql.get('PRAGMA data_version')?.data_version);
  }

  /** Hears of every event appended through this store; answers how to stop. */
  subscribe(listener: (stored: StoredEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  // --- Leases ----------------------------------------------------------------------------------

  /** Takes or renews the run's lease; false while another owner holds it. */
  lease(run: string, owner: string, ttlMs: number): boolean {
    const now = this.#clock.now();
    const changes = this.#sql.run(
      `INSERT INTO leases VALUES (?, ?, ?) ON CONFLICT (run) DO UPDATE SET owner = excluded.owner, expires_at = excluded.expires_at
       WHERE leases.owner = excluded.owner OR leases.expires_at <= ?`,
      run,
      owner,
      now + ttlMs,
      now,
    );
    return changes > 0;
  }

  leasedByOther(run: string, owner: string): boolean {
    return (
      this.#sql.get(
        'SELECT 1 AS held FROM leases WHERE run = ? AND owner <> ? AND expires_at > ?',
        run,
        owner,
        this.#clock.now(),
      ) !== undefined
    );
  }

  /** Who holds the run's lease now. */
  leaseOwner(run: string): string | undefined {
    const row = this.#sql.get('SELECT owner FROM leases WHERE run = ? AND expires_at > ?', run, this.#clock.now());
    return row && String(row.owner);
  }

  release(run: string, owner: string): void {
    this.#sql.run('DELETE FROM leases WHERE run = ? AND owner = ?', run, owner);
  }

  #tell(stored: StoredEvent): void {
    for (const listener of this.#listeners) listener(stored);
  }
}

function recordOf(row: Row): RunRecord {
  return {
    id: String(row.id),
    createdAt: Number(row.created_at),
    input: parse(row.input_json) as Input,
    model: String(row.model),
    workspace: String(row.workspace),
    status: row.status as RunStatus,
    currentPhase: row.current_phase as PhaseName | null,
    attempt: Number(row.attempt),
    paused: Number(row.paused) === 1,
  };
}
