import type { Clock } from '../ports.ts';
import { json, parse } from './json.ts';
import type { Statements } from './statements.ts';

/** Proposals, every version of them, and what was about to be done to files. */
export class EditStore {
  readonly #sql: Statements;
  readonly #clock: Clock;

  constructor(sql: Statements, clock: Clock) {
    this.#sql = sql;
    this.#clock = clock;
  }

  /** Stores a version of a proposal; false when that version is there already: somebody else was quicker. */
  putProposal(run: string, attempt: number, proposal: { readonly id: string; readonly version: number }): boolean {
    const changes = this.#sql.run(
      'INSERT OR IGNORE INTO proposals VALUES (?, ?, ?, ?, ?, ?)',
      run,
      attempt,
      proposal.id,
      proposal.version,
      json(proposal),
      this.#clock.now(),
    );
    return changes > 0;
  }

  /** The newest version of one proposal. */
  latestProposal(run: string, attempt: number, id: string): unknown {
    const row = this.#sql.get(
      'SELECT json FROM proposals WHERE run = ? AND attempt = ? AND id = ? ORDER BY version DESC LIMIT 1',
      run,
      attempt,
      id,
    );
    return row && parse(row.json);
  }

  /** The number of its newest version; 0 when there is no such proposal. */
  latestVersion(run: string, attempt: number, id: string): number {
    const row = this.#sql.get(
      'SELECT MAX(version) AS version FROM proposals WHERE run = ? AND attempt = ? AND id = ?',
      run,
      attempt,
      id,
    );
    return Number(row?.version ?? 0);
  }

  /** Every version of one proposal, oldest first. */
  proposalVersions(run: string, attempt: number, id: string): unknown[] {
    return this.#sql
      .all('SELECT json FROM proposals WHERE run = ? AND attempt = ? AND id = ? ORDER BY version', run, attempt, id)
      .map((row) => parse(row.json));
  }

  /** The newest version of each proposal of an attempt, in the order they were made. */
  latestProposals(run: string, attempt: number): unknown[] {
    return this.#sql
      .all(
        `SELECT json FROM proposals AS p WHERE run = ? AND attempt = ? AND version =
         (SELECT MAX(version) FROM proposals WHERE run = p.run AND attempt = p.attempt AND id = p.id)
       ORDER BY (SELECT MIN(rowid) FROM proposals WHERE run = p.run AND attempt = p.attempt AND id = p.id)`,
        run,
        attempt,
      )
      .map((row) => parse(row.json));
  }

  /** Journals what is about to be done to a file; false when it was begun already. */
  beginEdit(
    run: string,
    attempt: number,
    edit: { readonly id: string; readonly proposalId: string; readonly intent: unknown },
  ): boolean {
    const values = [run, attempt, edit.id, edit.proposalId, json(edit.intent), this.#clock.now()];
    const changes = this.#sql.run(
      `INSERT INTO edits VALUES (?, ?, ?, ?, ?, 'intent', ?) ON CONFLICT (run, attempt, id) DO UPDATE
       SET intent_json = excluded.intent_json, state = excluded.state, at = excluded.at WHERE edits.state = 'failed'`,
      ...values,
    );
    return changes > 0;
  }

  finishEdit(run: string, attempt: number, id: string, state: 'done' | 'failed'): void {
    this.#sql.run('UPDATE edits SET state = ? WHERE run = ? AND attempt = ? AND id = ?', state, run, attempt, id);
  }

  /** Edits that were begun and whose outcome is not known. */
  pendingEdits(run: string): { id: string; attempt: number; intent: unknown }[] {
    return this.#sql
      .all(`SELECT id, attempt, intent_json FROM edits WHERE run = ? AND state = 'intent' ORDER BY at`, run)
      .map((row) => ({
        id: String(row.id),
        attempt: Number(row.attempt),
        intent: parse(row.intent_json),
      }));
  }
}
