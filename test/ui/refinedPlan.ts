import { DatabaseSync } from 'node:sqlite';

/** The newest plan that a database has. */
export function refinedPlan(database: string) {
  const db = new DatabaseSync(database, { readOnly: true });
  try {
    const row = db.prepare("SELECT data_json FROM events WHERE type = 'plan.updated' ORDER BY seq DESC LIMIT 1").get();
    return JSON.parse(String(row?.data_json)).plan;
  } finally {
    db.close();
  }
}
