import { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { accepts } from 'hono/accepts';
import type { RunRecord } from '../../workflow/engine/store.ts';
import { PlanwrightError } from '../../workflow/errors.ts';
import { PROMETHEUS_TYPE } from '../../workflow/metrics/prometheus.ts';
import { reportMarkdown } from '../../workflow/runReport/reportMarkdown.ts';
import { runReport } from '../../workflow/runReport/runReport.ts';
import type { RunView } from '../../workflow/runState.ts';
import { inOurWords } from '../../workflow/words/issues.ts';
import { cursorAfter, runsAfter } from './cursor.ts';
import { eventStream, isOver } from './eventStream.ts';
import { bearer, limitedBody, ownHost, ownOrigin, plainAnswers, type ServerEnv } from './guards.ts';
import { answerError, problemOf, problemResponse } from './problem.ts';
import { eventOf, gateOf, linksOf, summaryOf, workflowOf } from './representations.ts';
import * as routes from './routes.ts';
import type { RunService } from './runService.ts';
import { triggerRoutes } from './triggerRoutes.ts';
import type { TriggerService } from './triggerService.ts';

export interface ApiOptions {
  readonly service: RunService;
  /** What every request but that for /healthz must bring. */
  readonly token: string;
  /** The triggers; without them there are no such paths. */
  readonly triggers?: TriggerService;
  /** The text of /metrics; without it there is no such path. */
  readonly metricsText?: () => string;
  /** How long an event stream is silent at most, in milliseconds. */
  readonly heartbeatMs?: number;
  /** Hears of failures of ours that a client is only told the fact of. */
  readonly onInternal?: (error: unknown) => void;
}

const HEARTBEAT_MS = 15_000;

/** Asked without a token: what says nothing, and what is signed instead. */
function isOpen(method: string, path: string): boolean {
  return path === routes.getHealth.path || (method === 'POST' && /^\/api\/triggers\/[^/]+$/.test(path));
}

/** The HTTP API over the runs of one workspace. It must be served by server.ts, whose sockets its guards look at. */
export function createApi(options: ApiOptions): OpenAPIHono<ServerEnv> {
  const { service, token, onInternal = () => {} } = options;
  const app = new OpenAPIHono<ServerEnv>({
    defaultHook: (result) => {
      if (result.success) return undefined;
      const errors = result.error.issues.map((issue) => ({
        where: [result.target, ...issue.path].join('.'),
        message: inOurWords(issue),
      }));
      const [{ where, message } = { where: result.target, message: '' }] = errors;
      const error = new PlanwrightError('INVALID_INPUT', `The request is not valid: ${where}: ${message}.`, {
        hint: 'See errors for each place, and /openapi.json for what is expected.',
      });
      return problemResponse(problemOf(error, 422, errors));
    },
  });
  app.onError((error) => answerError(error, onInternal));
  app.use(plainAnswers, ownHost, ownOrigin, bearer(token, isOpen), limitedBody());
  readingRoutes(app, service, options.heartbeatMs ?? HEARTBEAT_MS);
  changingRoutes(app, service);
  if (options.triggers) triggerRoutes(app, options.triggers);
  serverRoutes(app, options.metricsText);
  refuseTheRest(app);
  return app;
}

function readingRoutes(app: OpenAPIHono<ServerEnv>, service: RunService, heartbeatMs: number): void {
  const missing = (what: string, hint: string) => new PlanwrightError('NOT_FOUND', what, { hint });

  app.openapi(routes.listRuns, (c) => {
    const { status, limit, cursor } = c.req.valid('query');
    const all = service.listRuns();
    const rest = cursor === undefined ? all : runsAfter(all, cursor);
    const found: RunRecord[] = [];
    for (const run of rest) {
      if (found.length > limit) break;
      const view = recorded(service, run.id);
      if (view !== null && (status === undefined || view.status === status)) found.push(run);
    }
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return c.json(
      {
        items: page.map(({ id }) => summaryOf(service.view(id), service.status(id))),
        nextCursor: last && found.length > limit ? cursorAfter(last) : null,
      },
      200,
    );
  });
  app.openapi(routes.getRun, (c) => {
    const { id } = c.req.valid('param');
    return c.json(workflowOf(service.view(id), service.status(id)), 200);
  });
  app.openapi(routes.getStatus, (c) => c.json(service.status(c.req.valid('param').id), 200));
  app.openapi(routes.getPlan, (c) => {
    const { plan, plans } = service.view(c.req.valid('param').id);
    const { round } = c.req.valid('query');
    const found = round === undefined ? plan : plans.find((other) => other.round === round)?.plan;
    if (!found) throw missing('The run has no such plan yet.', 'Follow its events until plan.updated.');
    return c.json(found, 200);
  });
  app.openapi(routes.getReview, (c) => {
    const { reviews } = service.view(c.req.valid('param').id);
    const { round } = c.req.valid('query');
    const found = round === undefined ? reviews.at(-1) : reviews.find((other) => other.round === round);
    if (!found) throw missing('The run has no such review yet.', 'Follow its events until review.completed.');
    return c.json(found.review, 200);
  });
  app.openapi(routes.getProposals, (c) => c.json({ items: [...service.proposals(c.req.valid('param').id)] }, 200));
  app.openapi(routes.getOutput, (c) => {
    const { output } = service.view(c.req.valid('param').id);
    if (!output) throw missing('The run is not complete.', 'Follow its events until workflow.completed.');
    return c.json(output, 200);
  });
  app.openapi(routes.getReport, (c) => {
    const { attempt } = c.req.valid('query');
    const report = runReport(service.view(c.req.valid('param').id, attempt));
    const supports = ['application/json', 'text/markdown'];
    const type = accepts(c, { header: 'Accept', supports, default: 'application/json' });
    return type === 'text/markdown'
      ? c.body(reportMarkdown(report), 200, { 'content-type': 'text/markdown; charset=utf-8', vary: 'accept' })
      : c.json(report, 200, { vary: 'accept' });
  });
  app.openapi(routes.getGates, (c) => c.json({ items: service.openGates(c.req.valid('param').id).map(gateOf) }, 200));
  app.openapi(routes.getEvents, (c) => {
    const { id } = c.req.valid('param');
    const { after, limit } = c.req.valid('query');
    service.view(id);
    if (!/\btext\/event-stream\b/i.test(c.req.header('accept') ?? '')) {
      const events = service.events(id, after, limit + 1);
      const items = events.slice(0, limit).map(eventOf);
      return c.json({ items, last: items.at(-1)?.seq ?? after, more: events.length > limit }, 200);
    }
    const resumedAt = c.req.valid('header')['last-event-id'];
    if (resumedAt !== undefined && isOver(service, id, resumedAt)) return c.body(null, 204);
    const stream = eventStream(service, id, resumedAt ?? after, heartbeatMs);
    return c.body(stream, 200, { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' });
  });
}

/** The run's view; null for one whose events were lost with a damaged database. */
function recorded(service: RunService, id: string): RunView | null {
  try {
    return service.view(id);
  } catch (error) {
    if (error instanceof PlanwrightError && error.code === 'NOT_FOUND') return null;
    throw error;
  }
}

function changingRoutes(app: OpenAPIHono<ServerEnv>, service: RunService): void {
  app.openapi(routes.startRun, (c) => {
    const idempotencyKey = c.req.valid('header')['idempotency-key'];
    const id = service.start(c.req.valid('json'), { idempotencyKey });
    const links = linksOf(id);
    return c.json({ id, status: service.status(id).status, links }, 202, { location: links.self ?? '' });
  });
  app.openapi(routes.cancelRun, async (c) => {
    const { id } = c.req.valid('param');
    await service.cancel(id);
    return c.json(service.status(id), 200);
  });
  app.openapi(routes.pauseRun, async (c) => {
    const { id } = c.req.valid('param');
    await service.pause(id);
    return c.json(service.status(id), 200);
  });
  app.openapi(routes.resumeRun, async (c) => {
    const { id } = c.req.valid('param');
    await service.resume(id);
    return c.json(service.status(id), 200);
  });
  app.openapi(routes.restartRun, async (c) => {
    const { id } = c.req.valid('param');
    await service.restart(id, c.req.valid('json').from);
    return c.json(service.status(id), 200);
  });
  app.openapi(routes.decideGate, (c) => {
    const { id, gateId } = c.req.valid('param');
    const { choice, note, data } = c.req.valid('json');
    service.decideGate(id, gateId, {
      choice,
      ...(note === undefined ? {} : { note }),
      ...(data === undefined ? {} : { data }),
      by: 'api',
    });
    return c.json(service.status(id), 200);
  });
}

function serverRoutes(app: OpenAPIHono<ServerEnv>, metricsText: (() => string) | undefined): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'token', { type: 'http', scheme: 'bearer' });
  app.openapi(routes.getHealth, (c) => c.json({ status: 'ok' as const }, 200));
  if (metricsText) {
    app.openapi(routes.getMetrics, (c) => c.text(metricsText(), 200, { 'content-type': PROMETHEUS_TYPE }));
  }
  let document: object | undefined;
  app.openapi(routes.getDocument, (c) => {
    document ??= app.getOpenAPI31Document(routes.about);
    return c.json(document as Record<string, unknown>, 200);
  });
}

/** A path that there is, by another method: 405 with those that it has. Any other path: 404. */
function refuseTheRest(app: OpenAPIHono<ServerEnv>): void {
  const methods = new Map<string, Set<string>>();
  for (const { path, method } of app.routes) {
    if (path === '/*' || path === '*') continue;
    const known = methods.get(path) ?? new Set();
    methods.set(path, known.add(method).add(method === 'GET' ? 'HEAD' : method));
  }
  // A literal path before the one with a parameter in its place.
  const paths = [...methods].sort(([a], [b]) => a.split(':').length - b.split(':').length);
  for (const [path, allowed] of paths) {
    app.all(path, (c: Context) => {
      const allow = [...allowed].sort().join(', ');
      const error = new PlanwrightError('METHOD_NOT_ALLOWED', `${c.req.method} is not for this path.`, {
        hint: `Use ${allow}.`,
      });
      return problemResponse(problemOf(error), { allow });
    });
  }
  app.notFound(() => {
    const hint = 'See /openapi.json for the paths there are.';
    return problemResponse(problemOf(new PlanwrightError('NOT_FOUND', 'There is nothing at this path.', { hint })));
  });
}
