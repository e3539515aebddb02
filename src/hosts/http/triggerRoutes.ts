import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { z } from 'zod';
import { PlanwrightError } from '../../workflow/errors.ts';
import { triggerKinds } from '../../workflow/triggers/definition.ts';
import { jsonOnly, type ServerEnv } from './guards.ts';
import { json, problem, refused, withBody } from './routes.ts';
import type { TriggerAnswer, TriggerService, TriggerState } from './triggerService.ts';

/** Triggers over HTTP: a list, one run in person with the token, and webhooks that are signed instead. */

const time = z.iso.datetime();
const params = z.object({ id: z.string().min(1).max(100) });

const header = (pattern: RegExp) => z.string().regex(pattern).optional();

export const Trigger = z
  .object({
    id: z.string(),
    kind: z.enum(triggerKinds),
    enabled: z.boolean(),
    accept: z.enum(['ask', 'all']),
    waiting: z.int().min(0),
    last: z
      .object({
        at: time,
        cause: z.string(),
        outcome: z.enum(['queued', 'started', 'skipped']),
        reason: z.string().nullable(),
        run: z.string().nullable(),
      })
      .nullable(),
    nextRun: time.nullable(),
    problem: z.string().nullable(),
  })
  .meta({ id: 'Trigger' });

export const TriggerList = z.object({ items: z.array(Trigger) }).meta({ id: 'TriggerList' });

export const Fired = z
  .object({
    outcome: z.enum(['started', 'queued', 'ignored']),
    /** The run, once it is started. */
    run: z.string().nullable(),
    /** Why nothing was asked for. */
    reason: z.string().nullable(),
  })
  .meta({ id: 'Fired' });

const notNow = {
  409: problem('It was received before, or it may not run now.'),
  429: problem('Its limits do not allow another now; Retry-After says when.'),
};

export const listTriggers = createRoute({
  operationId: 'listTriggers',
  method: 'get',
  path: '/api/triggers',
  responses: { ...refused, 200: json(TriggerList, 'The triggers of this workspace.') },
});

export const runTrigger = createRoute({
  operationId: 'runTrigger',
  method: 'post',
  path: '/api/triggers/{id}/run',
  request: { params },
  responses: {
    ...refused,
    ...notNow,
    404: problem('There is no such trigger.'),
    202: json(Fired, 'Its run is started, or waits for another to be over.'),
  },
});

export const receiveWebhook = createRoute({
  operationId: 'receiveWebhook',
  method: 'post',
  path: '/api/triggers/{id}',
  security: [],
  description:
    'A webhook. No token: the body is signed with the trigger’s secret, as docs/triggers.md says. What was received before is answered 409.',
  middleware: jsonOnly,
  request: {
    params,
    headers: z.object({
      'planwright-timestamp': header(/^\d{1,11}$/).describe('Seconds since the epoch, of sending.'),
      'planwright-signature': header(/^sha256=[0-9a-f]{64}$/).describe(
        'HMAC-SHA256 over <timestamp>.<body> with the trigger’s secret, in hex.',
      ),
      'x-hub-signature-256': header(/^sha256=[0-9a-f]{64}$/).describe('GitHub’s own signature, over the body.'),
      'x-github-event': header(/^[a-z_]{1,100}$/),
      'x-github-delivery': header(/^[\w-]{1,100}$/),
    }),
    // Looked at only once its signature is found to be right, so not by the framework.
    body: { required: true, content: { 'application/json': { schema: z.looseObject({}) } } },
  },
  responses: {
    ...refused,
    ...withBody,
    ...notNow,
    401: problem('The signature is missing, wrong or too old, or there is no such webhook.'),
    200: json(Fired, 'It was understood and asks for nothing.'),
    202: json(Fired, 'Its run is started, or waits for another to be over.'),
  },
});

export function triggerRoutes(app: OpenAPIHono<ServerEnv>, triggers: TriggerService): void {
  app.openapi(listTriggers, async (c) => c.json({ items: (await triggers.list()).map(triggerOf) }, 200));
  app.openapi(runTrigger, async (c) => {
    const answer = await triggers.run(c.req.valid('param').id);
    return c.json(accepted(answer), 202);
  });
  // The route is described and its body validated by hand: nothing of it is read before its signature is right.
  app.openAPIRegistry.registerPath(receiveWebhook);
  app.post('/api/triggers/:id', jsonOnly, async (c) => {
    const delivery = { header: (name: string) => c.req.header(name), text: await c.req.text() };
    const answer = await triggers.receive(c.req.param('id'), delivery);
    return c.json(accepted(answer), answer.outcome === 'ignored' ? 200 : 202);
  });
}

/** @throws PlanwrightError when it was skipped */
function accepted(answer: TriggerAnswer): z.infer<typeof Fired> {
  switch (answer.outcome) {
    case 'ignored':
      return { outcome: 'ignored', run: null, reason: answer.reason };
    case 'skipped': {
      const retryAfterMs = answer.retryAt === undefined ? undefined : Math.max(0, answer.retryAt - Date.now());
      throw new PlanwrightError(
        retryAfterMs === undefined ? 'CONFLICT' : 'RATE_LIMIT',
        `The trigger did not run: ${answer.reason}.`,
        {
          hint: retryAfterMs === undefined ? 'See the list of triggers.' : 'Send it again later.',
          ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
        },
      );
    }
    default:
      return { outcome: answer.outcome, run: answer.run, reason: null };
  }
}

function triggerOf({ last, nextAt, ...rest }: TriggerState): z.infer<typeof Trigger> {
  return {
    ...rest,
    kind: rest.kind,
    last: last && { ...last, at: new Date(last.at).toISOString() },
    nextRun: nextAt === null ? null : new Date(nextAt).toISOString(),
  };
}
