import { Courier } from '../../../src/hosts/hooks/courier.ts';
import { openDatabase } from '../../../src/workflow/engine/database.ts';
import { Statements } from '../../../src/workflow/engine/statements.ts';
import { Store } from '../../../src/workflow/engine/store.ts';
import { readHooks } from '../../../src/workflow/hooks/hook.ts';
import { Outbox } from '../../../src/workflow/hooks/outbox.ts';
import { TestClock } from '../triggers/triggerWorld.ts';

/** A process that tells a hook what another has logged, to be killed while it does. */

const [database = '', url = '', key = '', time = ''] = process.argv.slice(2);
const clock = new TestClock(Number(time));
const { db } = openDatabase(database);
const store = new Store(db, clock);
const courier = new Courier({
  store,
  outbox: new Outbox(new Statements(db), store, clock),
  clock,
  secret: async () => key,
  fetch,
  log: (text) => console.error(text),
});
courier.use(readHooks([{ id: 'team', url, events: ['workflow.started'] }]).hooks);
