import { Statements } from '../../../src/workflow/engine/statements.ts';
import { Collector } from '../../../src/workflow/metrics/collector.ts';
import { rollUp } from '../../../src/workflow/metrics/rollUp.ts';
import { NOW, storeAt } from './generatedRuns.ts';

/**
 * A process that collects, and rolls up: `node collecting.ts DATABASE [N]`. With N it is killed, as by a crash, just
 * before its Nth write to the time series.
 */
const [path = '', limit] = process.argv.slice(2);
const { db, store } = storeAt(path);

class Dying extends Statements {
  #left = limit === undefined ? Number.POSITIVE_INFINITY : Number(limit);

  override run(sql: string, ...values: Parameters<Statements['run']> extends [string, ...infer Rest] ? Rest : never) {
    this.#left -= 1;
    if (this.#left <= 0) process.kill(process.pid, 'SIGKILL');
    return super.run(sql, ...values);
  }
}

const sql = new Dying(db);
new Collector(sql, store).collect();
rollUp(sql, 1, NOW);
db.close();
