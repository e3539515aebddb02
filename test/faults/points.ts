import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { LanguageModelV4 } from '@ai-sdk/provider';
import type { Workspace } from '../../src/workflow/ports.ts';

/** The places where something can go wrong: around each write of the journal, each write of a file, each model call. */
export interface FaultPoints {
  readonly database: (db: DatabaseSync) => DatabaseSync;
  readonly workspace: (workspace: Workspace) => Workspace;
  readonly model: (model: LanguageModelV4) => LanguageModelV4;
  /** Hears of nothing any more. */
  readonly release: () => void;
}

const writes = /^\s*(INSERT|UPDATE|DELETE)/i;

/** @param hit hears of every point as the job comes by, with what it is */
export function faultPoints(hit: (what: string, db?: DatabaseSync) => void): FaultPoints {
  return {
    release: () => {
      if (watching === hit) watching = undefined;
    },
    database: (db) => watchedDatabase(db, (what) => hit(what, db)),
    workspace: (workspace) => {
      watchFiles(hit);
      return workspace;
    },
    model: (model) => ({
      specificationVersion: 'v4',
      provider: model.provider,
      modelId: model.modelId,
      supportedUrls: model.supportedUrls,
      doGenerate: (options) => model.doGenerate(options),
      doStream: async (options) => {
        hit('before a model call');
        const answer = await model.doStream(options);
        hit('after a model call');
        return answer;
      },
    }),
  };
}

function watchedDatabase(db: DatabaseSync, hit: (what: string) => void): DatabaseSync {
  return new Proxy(db, {
    get(target, name) {
      if (name === 'prepare') return (sql: string) => watchedStatement(target.prepare(sql), sql, hit);
      if (name === 'exec') {
        return (sql: string) => {
          const commits = sql === 'COMMIT';
          if (commits) hit('before a commit');
          target.exec(sql);
          if (commits) hit('after a commit');
        };
      }
      const value = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

function watchedStatement(statement: StatementSync, sql: string, hit: (what: string) => void): StatementSync {
  if (!writes.test(sql)) return statement;
  const what = sql.trim().split(/\s+/).slice(0, 3).join(' ');
  return new Proxy(statement, {
    get(target, name) {
      const value = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        hit(`before ${what}`);
        const result = value.apply(target, args);
        hit(`after ${what}`);
        return result;
      };
    },
  });
}

let watching: ((what: string) => void) | undefined;
let patched = false;

/** The steps a file is written in, from inside: the functions that make it visible. One job at a time. */
function watchFiles(hit: (what: string) => void): void {
  watching = hit;
  if (patched) return;
  patched = true;
  const original = { open: fs.open, rename: fs.rename, link: fs.link, rm: fs.rm };
  for (const name of ['open', 'rename', 'link', 'rm'] as const) {
    const real = original[name] as (...args: unknown[]) => Promise<unknown>;
    Object.assign(fs, {
      [name]: async (...args: unknown[]) => {
        watching?.(`before ${name}`);
        const result = await real(...args);
        watching?.(`after ${name}`);
        return result;
      },
    });
  }
  syncBuiltinESMExports();
}
