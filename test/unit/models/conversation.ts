import type { TestContext } from 'node:test';
import { tool } from 'ai';
import { z } from 'zod';
import { createModels, type ModelSettings } from '../../../src/models/factory.ts';
import { mapProviderError } from '../../../src/models/providerErrors.ts';
import { journaled } from '../../../src/workflow/agents/journaling.ts';
import { askForObject } from '../../../src/workflow/agents/structured.ts';
import { defaultRetryPolicy } from '../../../src/workflow/engine/retry.ts';
import { type Script, startScriptedServer } from '../../fixtures/openaiServer.ts';
import { openJournal } from '../agents/journal.ts';

type Settings = Pick<ModelSettings, 'modelId' | 'timeoutMs'> & Partial<ModelSettings>;

/**
 * An agent with one tool that talks to a scripted server over HTTP, journaled on a real database.
 * @param settings.timeoutMs of a server's beginning to answer, and of its silence
 */
export async function openConversation<T>(t: TestContext, script: Script, schema: z.ZodType<T>, settings: Settings) {
  const server = await startScriptedServer(script);
  t.after(server.close);
  const journal = openJournal(t);
  const { clock } = journal;
  const apiKey = async () => 'test-key';
  const models = createModels({ baseUrl: server.url, apiKey, demoSpeed: 0, clock, ...settings });
  const looked: string[] = [];
  const look = tool({
    description: 'Looks at a path.',
    inputSchema: z.object({ path: z.string() }),
    execute: async ({ path }) => {
      looked.push(path);
      return `seen ${path}`;
    },
  });
  const converse = async () => {
    const run = journal.pass();
    const model = journaled(await models.for('planner'), {
      run,
      agent: 'planner',
      retry: defaultRetryPolicy,
      clock,
      idleTimeoutMs: settings.timeoutMs,
      mapError: mapProviderError,
    });
    const asked = { instructions: 'You greet.', tools: { look }, prompt: 'Greet', schema, stepLimit: 5 };
    return askForObject({ model, ...asked, signal: run.signal });
  };
  return { server, journal, looked, converse };
}
