import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { Mastra } from '@mastra/core';
import { createStep, createWorkflow } from '@mastra/core/workflows';
import { LibSQLStore } from '@mastra/libsql';
import { z } from 'zod';

/** A workflow of so many steps one after the other, each with a result of its own; milliseconds from start to end. */
export async function run(steps, payload, folder) {
  await once(5, payload, mkdtempSync(join(folder, 'warm-')));
  return once(steps, payload, folder);
}

async function once(steps, payload, folder) {
  const schema = z.object({ text: z.string() });
  let workflow = createWorkflow({ id: 'bench', inputSchema: schema, outputSchema: schema });
  for (let n = 0; n < steps; n++) {
    const execute = async () => ({ text: payload });
    workflow = workflow.then(createStep({ id: `s${n}`, inputSchema: schema, outputSchema: schema, execute }));
  }
  workflow.commit();
  const storage = new LibSQLStore({ id: 'bench', url: `file:${join(folder, 'mastra.db')}` });
  await storage.init?.();
  const mastra = new Mastra({ storage, workflows: { bench: workflow }, logger: false });
  const ready = await mastra.getWorkflow('bench').createRun();
  const started = performance.now();
  const { status } = await ready.start({ inputData: { text: '' } });
  const took = performance.now() - started;
  if (status !== 'success') throw new Error(`Mastra ended with ${status}.`);
  return took;
}
