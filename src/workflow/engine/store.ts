import { randomBytes } from 'node:crypto';
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { ErrorInfo } from '../errors.ts';
import type { Clock } from '../ports.ts';
import { type Input, type PhaseName, phaseNames, type RunStatus } from '../schemas.ts';
import type { Decision, Gate, RunEvent, StoredEvent } from './events.ts';

export interface RunRecord {
  readonly id: string;
  readonly createdAt: number;
  readonly input: Input;
  readonly model: string;
  readonly workspace: string;
  readonly status: RunStatus;
  readonly currentPhase: PhaseName | null;
  readonly attempt: number;
}

export interface StoredStep {
  readonly inputHash: string;
  readonly result: unknown;
}

type Row = Record<string, SQLInputValue>;

/** The tables of one database, typed. Every write is committed when the call returns. */
export class Store {
  readonly #db: DatabaseSync;
  readonly #clock: Clock;
  readonly #statements = new Map<string, StatementSync>();
  readonly #listeners = new Set<(stored: StoredEvent) => void>();

  constructor(db: DatabaseSync, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  // --- Runs and attempts -----------------------------------------------------------------------

  createRun(input: Input, about: { readonly model: string; readonly workspace: string }): string {
    const now = this.#clock.now();
    const id = `${now.toString(36)}${randomBytes(3).toString('hex')}`;
    this.#transaction(() => {
      this.#run(
        'INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, NULL, 1, NULL, NULL)',
        id,
        now,
        json(input),
        about.model,
        about.workspace,
        'queued',
      );
      this.#run('INSERT INTO attempts VALUES (?, 1, NULL, NULL, ?)', id, now);
    });
    return id;
  }

  getRun(id: string): RunRecord | undefined {
    const row = this.#get('SELECT * FROM runs WHERE id = ?', id);
    return row && recordOf(row);
  }

  /** Newest first. */
  listRuns(): RunRecord[] {
    return this.#all('SELECT * FROM runs ORDER BY created_at DESC, rowid DESC').map(recordOf);
  }

  setStatus(id: string, status: RunStatus): void {
    this.#run('UPDATE runs SET status = ? WHERE id = ? AND status <> ?', status, id, status);
  }

  setPhase(id: string, phase: PhaseName): void {
    this.#run('UPDATE runs SET current_phase = ? WHERE id = ?', phase, id);
  }

  setOutcome(id: string, status: RunStatus, outcome: { readonly output?: unknown; readonly error?: ErrorInfo }): void {
    const { output, error } = outcome;
    this.#run(
      'UPDATE runs SET status = ?, output_json = ?, error_json = ? WHERE id = ?',
      status,
      output === undefined ? null : json(output),
      error === undefined ? null : json(error),
      id,
    );
  }

  deleteRun(id: string): void {
    this.#run('DELETE FROM runs WHERE id = ?', id);
  }

  /**
   * Begins the next attempt with the journal of the phases before `from`. The earlier attempt stays as it is.
   * Names begin with their phase and a slash; what has no phase belongs to the start and is kept.
   */
  forkAttempt(id: string, from: PhaseName): number {
    const source = this.getRun(id)?.attempt ?? 1;
    const next = source + 1;
    const dropped = phaseNames.slice(phaseNames.indexOf(from)).map((phase) => `${phase}/%`);
    const kept = (column: string) => dropped.map(() => `AND ${column} NOT LIKE ?`).join(' ');
    this.#transaction(() => {
      this.#run('INSERT INTO attempts VALUES (?, ?, ?, ?, ?)', id, next, source, from, this.#clock.now());
      this.#run(
        `INSERT INTO steps SELECT run, ?, name, input_hash, result_json, committed_at FROM steps WHERE run = ? AND attempt = ? ${kept('name')}`,
        next,
        id,
        source,
        ...dropped,
      );
      this.#run(
        `INSERT INTO gates SELECT run, ?, id, gate_json, opened_at, decision_json, decided_at FROM gates
         WHERE run = ? AND attempt = ? AND decision_json IS NOT NULL ${kept('id')}`,
        next,
        id,
        source,
        ...dropped,
      );
      this.#run(
        'UPDATE runs SET attempt = ?, status = ?, output_json = NULL, error_json = NULL WHERE id = ?',
        next,
        'queued',
        id,
      );
    });
    return next;
  }

  // --- Steps and gates -------------------------------------------------------------------------

  step(run: string, attempt: number, name: string): StoredStep | undefined {
    const row = this.#get(
      'SELECT input_hash, result_json FROM steps WHERE run = ? AND attempt = ? AND name = ?',
      run,
      attempt,
      name,
    );
    return row && { inputHash: String(row.input_hash), result: parse(row.result_json) };
  }

  commitStep(run: string, attempt: number, name: string, step: StoredStep): void {
    this.#run(
      'INSERT INTO steps VALUES (?, ?, ?, ?, ?, ?)',
      run,
      attempt,
      name,
      step.inputHash,
      json(step.result),
      this.#clock.now(),
    );
  }

  openGate(run: string, attempt: number, gate: Gate): void {
    this.#run(
      'INSERT OR IGNORE INTO gates VALUES (?, ?, ?, ?, ?, NULL, NULL)',
      run,
      attempt,
      gate.id,
      json(gate),
      this.#clock.now(),
    );
  }

  decision(run: string, attempt: number, gateId: string): Decision | undefined {
    const row = this.#get(
      'SELECT decision_json FROM gates WHERE run = ? AND attempt = ? AND id = ?',
      run,
      attempt,
      gateId,
    );
    return row?.decision_json ? (parse(row.decision_json) as Decision) : undefined;
  }

  openGates(run: string, attempt: number): Gate[] {
    const rows = this.#all(
      'SELECT gate_json FROM gates WHERE run = ? AND attempt = ? AND decision_json IS NULL',
      run,
      attempt,
    );
    return rows.map(({ gate_json }) => parse(gate_json) as Gate);
  }

  /** The first decision counts; false when there was one already, or no such gate. */
  recordDecision(run: string, attempt: number, gateId: string, decision: Decision): boolean {
    const { changes } = this.#run(
      'UPDATE gates SET decision_json = ?, decided_at = ? WHERE run = ? AND attempt = ? AND id = ? AND decision_json IS NULL',
      json(decision),
      this.#clock.now(),
      run,
      attempt,
      gateId,
    );
    if (Number(changes) === 0) return false;
    this.appendEvent(run, attempt, { type: 'gate.decided', gateId, decision }, `gate-decided:${gateId}`);
    return true;
  }

  // --- Events ----------------------------------------------------------------------------------

  /** Appends unless the attempt has an event under this key already. True when it did append. */
  appendEvent(run: string, attempt: number, event: RunEvent, key: string): boolean {
    const at = this.#clock.now();
    const row = this.#get(
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
    for (const listener of this.#listeners) listener(stored);
    return true;
  }

  /** All events of a run after `seq`, in order. */
  events(run: string, seq: number): StoredEvent[] {
    return this.#all('SELECT * FROM events WHERE run = ? AND seq > ? ORDER BY seq', run, seq).map((row) => ({
      runId: run,
      attempt: Number(row.attempt),
      seq: Number(row.seq),
      at: Number(row.at),
      event: parse(row.data_json) as RunEvent,
    }));
  }

  /** Changes when another connection, of this process or another, has written to the database. */
  foreignVersion(): number {
    return Number(this.#get('PRAGMA data_version')?.data_version);
  }

  /** Hears of every event appended through this store; answers how to stop. */
  subscribe(listener: (stored: StoredEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  // --- Proposals and edits ---------------------------------------------------------------------

  putProposal(run: string, attempt: number, proposal: { readonly id: string; readonly version: number }): void {
    this.#run(
      'INSERT OR REPLACE INTO proposals VALUES (?, ?, ?, ?, ?, ?)',
      run,
      attempt,
      proposal.id,
      proposal.version,
      json(proposal),
      this.#clock.now(),
    );
  }

  /** The newest version of each proposal of an attempt, in the order they were made. */
  latestProposals(run: string, attempt: number): unknown[] {
    return this.#all(
      `SELECT json FROM proposals AS p WHERE run = ? AND attempt = ? AND version =
         (SELECT MAX(version) FROM proposals WHERE run = p.run AND attempt = p.attempt AND id = p.id)
       ORDER BY (SELECT MIN(rowid) FROM proposals WHERE run = p.run AND attempt = p.attempt AND id = p.id)`,
      run,
      attempt,
    ).map((row) => parse(row.json));
  }

  beginEdit(
    run: string,
    attempt: number,
    edit: { readonly id: string; readonly proposalId: string; readonly intent: unknown },
  ): void {
    const values = [run, attempt, edit.id, edit.proposalId, json(edit.intent), 'intent', this.#clock.now()];
    this.#run('INSERT OR REPLACE INTO edits VALUES (?, ?, ?, ?, ?, ?, ?)', ...values);
  }

  finishEdit(run: string, attempt: number, id: string, state: 'done' | 'failed'): void {
    this.#run('UPDATE edits SET state = ? WHERE run = ? AND attempt = ? AND id = ?', state, run, attempt, id);
  }

  /** Edits that were begun and whose outcome is not known. */
  pendingEdits(run: string): { id: string; attempt: number; intent: unknown }[] {
    return this.#all(
      `SELECT id, attempt, intent_json FROM edits WHERE run = ? AND state = 'intent' ORDER BY at`,
      run,
    ).map((row) => ({
      id: String(row.id),
      attempt: Number(row.attempt),
      intent: parse(row.intent_json),
    }));
  }

  // --- Leases ----------------------------------------------------------------------------------

  /** Takes or renews the run's lease; false while another owner holds it. */
  lease(run: string, owner: string, ttlMs: number): boolean {
    const now = this.#clock.now();
    const { changes } = this.#run(
      `INSERT INTO leases VALUES (?, ?, ?) ON CONFLICT (run) DO UPDATE SET owner = excluded.owner, expires_at = excluded.expires_at
       WHERE leases.owner = excluded.owner OR leases.expires_at <= ?`,
      run,
      owner,
      now + ttlMs,
      now,
    );
    return Number(changes) > 0;
  }

  leasedByOther(run: string, owner: string): boolean {
    return (
      this.#get(
        'SELECT 1 AS held FROM leases WHERE run = ? AND owner <> ? AND expires_at > ?',
        run,
        owner,
        this.#clock.now(),
      ) !== undefined
    );
  }

  release(run: string, owner: string): void {
    this.#run('DELETE FROM leases WHERE run = ? AND owner = ?', run, owner);
  }

  #transaction(work: () => void): void {
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.#db.exec('COMMIT');
    } catch (error) {
      this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  #prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql) ?? this.#db.prepare(sql);
    this.#statements.set(sql, known);
    return known;
  }

  #run(sql: string, ...values: SQLInputValue[]) {
    return this.#prepare(sql).run(...values);
  }

  #get(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#prepare(sql).get(...values) as Row | undefined;
  }

  #all(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#prepare(sql).all(...values) as Row[];
  }
}

function json(value: unknown): string {
  return JSON.stringify(value);
}

function parse(value: SQLInputValue | undefined): unknown {
  return JSON.parse(String(value));
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
  };
}
