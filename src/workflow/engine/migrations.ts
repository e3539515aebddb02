/** What a client named its request to start a run, so that sending it again starts no other. */
const idempotencyKeysTable = `
  CREATE TABLE idempotency_keys (
    key TEXT PRIMARY KEY, body_hash TEXT NOT NULL, run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE, at INTEGER NOT NULL
  );
  CREATE INDEX idempotency_keys_of_run ON idempotency_keys (run)
  `;

/**
 * Time series computed from the event log. They outlive the runs they are about, so nothing here refers to a run but
 * the cursors. `labels` is a JSON object, its keys sorted; times are milliseconds since the epoch, `hour` the first of
 * its hour. A cell is a narrow range of values: `value` stands for all that are in it.
 */
const timeSeriesTables = `
  CREATE TABLE samples (metric TEXT NOT NULL, labels TEXT NOT NULL, at INTEGER NOT NULL, value REAL NOT NULL);
  CREATE INDEX samples_by_time ON samples (metric, at);
  CREATE TABLE rollups (
    metric TEXT NOT NULL, labels TEXT NOT NULL, hour INTEGER NOT NULL, count INTEGER NOT NULL, sum REAL NOT NULL,
    min REAL NOT NULL, max REAL NOT NULL, PRIMARY KEY (metric, labels, hour)
  ) WITHOUT ROWID;
  CREATE TABLE rollup_cells (
    metric TEXT NOT NULL, labels TEXT NOT NULL, hour INTEGER NOT NULL, value REAL NOT NULL, count INTEGER NOT NULL,
    PRIMARY KEY (metric, labels, hour, value)
  ) WITHOUT ROWID;
  CREATE TABLE metric_cursors (run TEXT PRIMARY KEY REFERENCES runs(id) ON DELETE CASCADE, seq INTEGER NOT NULL)
  `;

/**
 * How far each run's events were sent on as spans of a trace. Who is about to send holds the run until a time, so that of
 * two windows one does.
 */
const traceCursorsTable = `
  CREATE TABLE trace_cursors (
    run TEXT PRIMARY KEY REFERENCES runs(id) ON DELETE CASCADE, seq INTEGER NOT NULL, held_until INTEGER NOT NULL
  )
  `;

/**
 * What Planwright itself wrote into the workspace, what triggers did and remember, and what is to be told to outside
 * hooks. None of it goes with the runs but where each hook is in a run's events.
 */
const triggerTables = `
  CREATE TABLE own_writes (
    path TEXT NOT NULL, hash TEXT NOT NULL, run TEXT, depth INTEGER NOT NULL, unattended INTEGER NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (path, hash)
  );
  CREATE INDEX own_writes_by_time ON own_writes (at);
  CREATE TABLE firings (
    id INTEGER PRIMARY KEY AUTOINCREMENT, trigger TEXT NOT NULL, kind TEXT NOT NULL, cause TEXT NOT NULL, at INTEGER NOT NULL,
    outcome TEXT NOT NULL, reason TEXT, input_json TEXT, depth INTEGER NOT NULL, accept TEXT NOT NULL, run TEXT,
    times INTEGER NOT NULL DEFAULT 1
  );
  CREATE INDEX firings_of_trigger ON firings (trigger, id);
  CREATE INDEX firings_by_outcome ON firings (outcome);
  CREATE TABLE trigger_memory (
    trigger TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, expires_at INTEGER, PRIMARY KEY (trigger, key)
  );
  CREATE TABLE hooks (hook TEXT PRIMARY KEY, since INTEGER NOT NULL);
  CREATE TABLE hook_cursors (
    hook TEXT NOT NULL, run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE, seq INTEGER NOT NULL, PRIMARY KEY (hook, run)
  );
  CREATE TABLE hook_deliveries (
    id TEXT PRIMARY KEY, hook TEXT NOT NULL, run TEXT NOT NULL, seq INTEGER NOT NULL, type TEXT NOT NULL, body TEXT NOT NULL,
    state TEXT NOT NULL, tries INTEGER NOT NULL, next_at INTEGER NOT NULL, claimed_until INTEGER NOT NULL, error TEXT,
    at INTEGER NOT NULL, UNIQUE (hook, run, seq)
  );
  CREATE INDEX hook_deliveries_by_state ON hook_deliveries (state, next_at)
  `;

/** The schema, one step a version, oldest first. A step that was released is never changed. */
export const migrations: readonly string[] = [
  `
  CREATE TABLE runs (
    id TEXT PRIMARY KEY, created_at INTEGER NOT NULL, input_json TEXT NOT NULL, model TEXT NOT NULL,
    workspace TEXT NOT NULL, status TEXT NOT NULL, current_phase TEXT, attempt INTEGER NOT NULL,
    output_json TEXT, error_json TEXT
  );
  CREATE TABLE attempts (
    run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE, attempt INTEGER NOT NULL, source_attempt INTEGER,
    from_phase TEXT, created_at INTEGER NOT NULL, PRIMARY KEY (run, attempt)
  );
  CREATE TABLE steps (
    run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE, attempt INTEGER NOT NULL, name TEXT NOT NULL,
    input_hash TEXT NOT NULL, result_json TEXT NOT NULL, committed_at INTEGER NOT NULL, PRIMARY KEY (run, attempt, name)
  );
  CREATE TABLE gates (
    run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE, attempt INTEGER NOT NULL, id TEXT NOT NULL,
    gate_json TEXT NOT NULL, opened_at INTEGER NOT NULL, decision_json TEXT, decided_at INTEGER, PRIMARY KEY (run, attempt, id)
  );
  CREATE TABLE events (
    run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE, seq INTEGER NOT NULL, attempt INTEGER NOT NULL, at INTEGER NOT NULL,
    key TEXT NOT NULL, type TEXT NOT NULL, data_json TEXT NOT NULL, PRIMARY KEY (run, seq), UNIQUE (run, attempt, key)
  );
  CREATE TABLE proposals (
    run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE, attempt INTEGER NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
    json TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (run, attempt, id, version)
  );
  CREATE TABLE edits (
    run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE, attempt INTEGER NOT NULL, id TEXT NOT NULL, proposal_id TEXT NOT NULL,
    intent_json TEXT NOT NULL, state TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (run, attempt, id)
  );
  CREATE TABLE leases (run TEXT PRIMARY KEY REFERENCES runs(id) ON DELETE CASCADE, owner TEXT NOT NULL, expires_at INTEGER NOT NULL)
  `,
  'ALTER TABLE runs ADD COLUMN paused INTEGER NOT NULL DEFAULT 0',
  idempotencyKeysTable,
  timeSeriesTables,
  traceCursorsTable,
  triggerTables,
];
