import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import fc from 'fast-check';
import { z } from 'zod';
import { systemClock } from '../../../src/hosts/node/systemClock.ts';
import { openDatabase } from '../../../src/workflow/engine/database.ts';
import type { Run } from '../../../src/workflow/engine/run.ts';
import { Runner } from '../../../src/workflow/engine/runner.ts';
import { Store } from '../../../src/workflow/engine/store.ts';

/** Random workflows that crash at random writes, against what they would come to if nothing ever crashed. */

type Node =
  | { readonly kind: 'step' }
  | { readonly kind: 'gate' }
  | { readonly kind: 'emit' }
  | { readonly kind: 'sequence'; readonly nodes: readonly Node[] }
  | { readonly kind: 'branches'; readonly nodes: readonly Node[]; readonly concurrency: number };

const { node } = fc.letrec<{ node: Node; leaf: Node }>((tie) => ({
  leaf: fc.constantFrom<Node[]>({ kind: 'step' }, { kind: 'gate' }, { kind: 'emit' }),
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    tie('leaf'),
    fc.record({ kind: fc.constant('sequence' as const), nodes: fc.array(tie('node'), { maxLength: 4 }) }),
    fc.record({
      kind: fc.constant('branches' as const),
      nodes: fc.array(tie('node'), { maxLength: 3 }),
      concurrency: fc.integer({ min: 1, max: 3 }),
    }),
  ),
}));

/** What the workflow comes to: the names of its steps and the answers of its gates, in order. */
function model(tree: Node, scope: string): string[] {
  switch (tree.kind) {
    case 'step':
      return [`${scope}step`];
    case 'gate':
      return [`${scope}gate=yes`];
    case 'emit':
      return [];
    case 'sequence':
    case 'branches':
      return tree.nodes.flatMap((child, index) => model(child, `${scope}${index}/`));
  }
}

async function execute(run: Run, tree: Node, scope: string, performed: string[]): Promise<string[]> {
  switch (tree.kind) {
    case 'step': {
      const name = `${scope}step`;
      return [
        await run.step('step', z.string(), async () => {
          performed.push(name);
          return name;
        }),
      ];
    }
    case 'gate': {
      const choices = [{ id: 'yes', label: 'Yes' }];
      const gate = {
        id: 'gate',
        kind: 'plan-approval',
        title: '',
        question: '',
        choices,
        defaultChoice: 'yes',
      } as const;
      return [`${scope}gate=${(await run.decide(gate)).choice}`];
    }
    case 'emit':
      run.emit({ type: 'task.started', taskId: scope });
      return [];
    case 'sequence': {
      const results: string[] = [];
      for (const [index, child] of tree.nodes.entries())
        results.push(...(await execute(run.scoped(String(index)), child, `${scope}${index}/`, performed)));
      return results;
    }
    case 'branches': {
      const branches = Object.fromEntries(
        tree.nodes.map((child, index) => [
          String(index),
          (branch: Run) => execute(branch, child, `${scope}${index}/`, performed),
        ]),
      );
      return Object.values(await run.all(branches, tree.concurrency)).flat();
    }
  }
}

/** A connection that breaks for good at its nth statement. */
function breaking(db: DatabaseSync, at: number): DatabaseSync {
  let count = 0;
  const count_ = () => {
    count += 1;
    if (count === at) db.close();
  };
  return new Proxy(db, {
    get(target, name) {
      const value = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      if (name !== 'prepare') return value.bind(target);
      return (sql: string) => {
        const statement = target.prepare(sql);
        return new Proxy(statement, {
          get(inner, key) {
            const method = Reflect.get(inner, key, inner);
            if (typeof method !== 'function') return method;
            return (...args: unknown[]) => {
              count_();
              return method.apply(inner, args);
            };
          },
        });
      };
    },
  });
}

test('a workflow that crashes anywhere, any number of times, comes to what it would without', async () => {
  await fc.assert(
    fc.asyncProperty(node, fc.array(fc.integer({ min: 5, max: 60 }), { maxLength: 4 }), async (tree, crashes) => {
      const folder = mkdtempSync(join(tmpdir(), 'planwright-property-'));
      const path = join(folder, 'planwright.db');
      const performed: string[] = [];
      const committed = new Set<string>();
      let id: string | undefined;
      let result: string[] | undefined;
      let clock = systemClock;
      const pass = async (at: number) => {
        const { db } = openDatabase(path);
        const store = new Store(breaking(db, at), clock);
        const runner = new Runner<unknown>({
          store,
          clock,
          ownerId: `${at}-${clock.now()}`,
          workflow: async (run) => {
            result = await execute(run, tree, '', performed);
            return result;
          },
        });
        const before = performed.length;
        try {
          const started =
            id === undefined
              ? runner.start({ request: 'x', requirements: [] }, { model: 'm', workspace: 'w' })
              : { id, ...runner.resume(id) };
          id = started.id;
          let over = false;
          void started.done.finally(() => {
            over = true;
          });
          while (!over) {
            for (const gate of store.openGates(id, 1)) runner.decide(id, gate.id, { choice: 'yes', by: 'test' });
            await new Promise((resolve) => setImmediate(resolve));
          }
        } catch {
          // It crashed here, in the hands of the developer.
        } finally {
          await Promise.race([runner.stop(), new Promise((resolve) => setTimeout(resolve, 50))]).catch(() => {});
          if (db.isOpen) db.close();
        }
        for (const name of performed.slice(before)) assert.ok(!committed.has(name), `${name} was paid for twice`);
      };
      try {
        for (const at of crashes) {
          await pass(at);
          const { db } = openDatabase(path);
          const store = new Store(db, clock);
          id ??= store.listRuns()[0]?.id;
          if (id !== undefined) for (const name of store.stepNames(id, 1)) committed.add(name);
          db.close();
          const shift = clock.now() - Date.now() + 60_000; // The lease of the crashed one has run out.
          clock = { ...systemClock, now: () => Date.now() + shift };
        }
        await pass(Number.POSITIVE_INFINITY);
        assert.deepEqual(result, model(tree, ''));
        const { db } = openDatabase(path);
        const store = new Store(db, clock);
        const events = store.events(id ?? '', 0);
        assert.equal(store.getRun(id ?? '')?.status, 'completed');
        assert.deepEqual(
          events.map(({ seq }) => seq),
          events.map((_, index) => index + 1),
        );
        const tasks = events.flatMap(({ event }) => (event.type === 'task.started' ? [event.taskId] : []));
        assert.equal(new Set(tasks).size, tasks.length, 'no event is in the log twice');
        db.close();
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }),
    { numRuns: 150, interruptAfterTimeLimit: 60_000 },
  );
});
