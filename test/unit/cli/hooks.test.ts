import assert from 'node:assert/strict';
import { test } from 'node:test';
import { databasePath } from '../../../src/hosts/node/databasePath.ts';
import { systemClock } from '../../../src/hosts/node/systemClock.ts';
import { openDatabase } from '../../../src/workflow/engine/database.ts';
import { Statements } from '../../../src/workflow/engine/statements.ts';
import { Store } from '../../../src/workflow/engine/store.ts';
import { type Delivery, Outbox } from '../../../src/workflow/hooks/outbox.ts';
import { openPlace } from './cliProcess.ts';

/** What hooks could not be told, seen and settled on the command line. */

test('deliveries that failed are listed, sent again and dropped', async (t) => {
  const place = await openPlace(t);
  assert.match((await place.cli(['hooks'])).stderr, /Nothing was given up/);
  const { db } = openDatabase(databasePath(place.data, place.folder));
  t.after(() => db.close());
  const outbox = new Outbox(new Statements(db), new Store(db, systemClock), systemClock);
  const add = db.prepare(
    `INSERT INTO hook_deliveries VALUES (?, 'team', 'r1', ?, 'phase.completed', ?, 'pending', 0, 0, 0, NULL, 0)`,
  );
  for (const [n, id] of ['msg_a', 'msg_b', 'msg_c', 'msg_d'].entries()) add.run(id, n, '{"type":"phase.completed"}');
  const claimed = () => outbox.claim('team') as Delivery;
  for (let n = 0; n < 3; n++) outbox.failed(claimed(), 'answered 410\u001b[31m', false);
  outbox.failed(claimed(), 'ECONNREFUSED', true);

  const listed = await place.cli(['hooks']);
  assert.equal(listed.code, 0);
  assert.equal(listed.stdout.trimEnd().split('\n').length, 4);
  assert.match(listed.stdout, /^msg_a {2}team {2}phase\.completed of r1 {2}given up .*, 1 try: answered 410/m);
  assert.match(listed.stdout, /^msg_d .* tried again .*ECONNREFUSED/m);
  assert.ok(!listed.stdout.includes('\u001b'), 'what others answered draws nothing on the terminal');
  const lines = (await place.cli(['hooks', 'msg_d', '--json'])).stdout.trimEnd().split('\n');
  const [one] = lines.map((line) => JSON.parse(line));
  assert.deepEqual([lines.length, one.id, one.state, one.payload.type], [1, 'msg_d', 'pending', 'phase.completed']);

  assert.match((await place.cli(['hooks', 'msg_a', '--again'])).stderr, /1 delivery to be sent again/);
  const { state, tries } = outbox.troubled().find(({ id }) => id === 'msg_a') ?? {};
  assert.deepEqual([state, tries], [undefined, undefined], 'it is as if it had never been tried');
  assert.equal(db.prepare(`SELECT state FROM hook_deliveries WHERE id = 'msg_a'`).get()?.state, 'pending');
  assert.match((await place.cli(['hooks', 'msg_b', '--drop'])).stderr, /1 delivery dropped/);
  assert.match((await place.cli(['hooks', '--drop', '--all'])).stderr, /1 delivery dropped/);
  assert.deepEqual(
    outbox.troubled().map(({ id }) => id),
    ['msg_d'],
    'what is tried again is not given up',
  );
  const wrong = await place.cli(['hooks', '--again']);
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /--all/);
  assert.equal((await place.cli(['hooks', 'msg_x', '--drop'])).code, 2);
});
