import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { SCHEMA_VERSION } from '../../workflow/schemas.ts';
import {
  EventPage,
  GateDecision,
  GateList,
  Input,
  Output,
  Plan,
  ProblemDetails,
  ProposalList,
  Report,
  Restart,
  Review,
  RunStatus,
  Started,
  Status,
  SummaryPage,
  Workflow,
} from './apiSchemas.ts';
import { jsonOnly } from './guards.ts';
import { PROBLEM_TYPE } from './problem.ts';

/** Every route of the API, as its OpenAPI document describes it. */

/** The document's own part beside the routes. */
export const about = {
  openapi: '3.1.0',
  info: {
    title: 'Planwright',
    version: `${SCHEMA_VERSION}`,
    license: { name: 'MIT', identifier: 'MIT' },
    description: 'Plans, reviews, refines and implements a change. Errors are problem details by RFC 9457.',
  },
  servers: [{ url: '/' }],
  security: [{ token: [] }],
};

const runs = '/api/workflows';
const run = `${runs}/{id}` as const;

const params = z.object({ id: z.string().min(1).max(100) });
const round = z.object({ round: z.coerce.number().int().min(0).optional() });

export const problem = (description: string) => ({
  description,
  content: { [PROBLEM_TYPE]: { schema: ProblemDetails } },
});
export const refused = {
  401: problem('The token is missing or wrong.'),
  403: problem('The Host or the Origin is not this server’s.'),
  413: problem('The body is too large.'),
  422: problem('The request is well formed and not valid.'),
  500: problem('Planwright failed.'),
  503: problem('The database cannot be used now.'),
};
const ofRun = { ...refused, 404: problem('There is no such run, or it has no such part yet.') };
const ofChange = { ...ofRun, 409: problem('The run’s state does not allow this.') };
export const withBody = { 400: problem('The body is not JSON.'), 415: problem('The body is not declared as JSON.') };

export const json = <S extends z.ZodType>(schema: S, description: string) => ({
  description,
  content: { 'application/json': { schema } },
});
const body = <S extends z.ZodType>(schema: S) => ({
  required: true,
  content: { 'application/json': { schema } },
});

export const startRun = createRoute({
  operationId: 'startImplementation',
  method: 'post',
  path: `${runs}/implementation`,
  middleware: jsonOnly,
  request: {
    headers: z.object({
      'idempotency-key': z
        .string()
        .regex(/^[\x21-\x7e]{1,255}$/, 'up to 255 visible ASCII characters')
        .optional()
        .describe('The same key with the same body answers the run that the first such request started.'),
    }),
    body: body(Input),
  },
  responses: {
    ...refused,
    ...withBody,
    202: json(Started, 'The run is started.'),
    409: problem('No model is chosen.'),
  },
});

export const listRuns = createRoute({
  operationId: 'listWorkflows',
  method: 'get',
  path: runs,
  request: {
    query: z.object({
      status: RunStatus.optional(),
      limit: z.coerce.number().int().min(1).max(100).default(20),
      cursor: z.string().min(1).max(200).optional(),
    }),
  },
  responses: { ...refused, 200: json(SummaryPage, 'Newest first.') },
});

export const getRun = createRoute({
  operationId: 'getWorkflow',
  method: 'get',
  path: run,
  request: { params },
  responses: { ...ofRun, 200: json(Workflow, 'The run with its context.') },
});

export const getStatus = createRoute({
  operationId: 'getStatus',
  method: 'get',
  path: `${run}/status`,
  request: { params },
  responses: { ...ofRun, 200: json(Status, 'Where the run is.') },
});

export const getPlan = createRoute({
  operationId: 'getPlan',
  method: 'get',
  path: `${run}/plan`,
  request: { params, query: round },
  responses: { ...ofRun, 200: json(Plan, 'The plan that counts now, or that of a round.') },
});

export const getReview = createRoute({
  operationId: 'getReview',
  method: 'get',
  path: `${run}/review`,
  request: { params, query: round },
  responses: { ...ofRun, 200: json(Review, 'The last review, or that of a round.') },
});

export const getProposals = createRoute({
  operationId: 'getProposals',
  method: 'get',
  path: `${run}/proposals`,
  request: { params },
  responses: { ...ofRun, 200: json(ProposalList, 'The proposals of the current attempt as they are now.') },
});

export const getOutput = createRoute({
  operationId: 'getOutput',
  method: 'get',
  path: `${run}/output`,
  request: { params },
  responses: { ...ofRun, 200: json(Output, 'What the completed run left behind.') },
});

export const getReport = createRoute({
  operationId: 'getReport',
  method: 'get',
  path: `${run}/report`,
  description:
    'Each requirement with its tasks, hunks, tests and checks, what was decided and why, and what it took. As JSON, or with Accept: text/markdown for people.',
  request: {
    params,
    query: z.object({
      attempt: z.coerce.number().int().min(1).optional().describe('The newest by default.'),
    }),
  },
  responses: {
    ...ofRun,
    200: {
      description: 'The run as it is told now, or as one of its attempts ended.',
      content: { 'application/json': { schema: Report }, 'text/markdown': { schema: z.string() } },
    },
  },
});

const seq = z.coerce.number().int().min(0);

export const getEvents = createRoute({
  operationId: 'getEvents',
  method: 'get',
  path: `${run}/events`,
  description:
    'A page of the event log; with Accept: text/event-stream the events as they happen, until the run has ended.',
  request: {
    params,
    query: z.object({ after: seq.default(0), limit: z.coerce.number().int().min(1).max(1000).default(200) }),
    headers: z.object({
      'last-event-id': seq.optional().describe('For a stream: the number of the last event that was received.'),
    }),
  },
  responses: {
    ...ofRun,
    200: {
      description: 'Events after a number, in order.',
      content: {
        'application/json': { schema: EventPage },
        'text/event-stream': { schema: z.string().describe('Events; their id is seq, their data an Event.') },
      },
    },
    204: { description: 'The run has ended and the client has all of its events: no need to connect again.' },
  },
});

const control = <N extends 'cancel' | 'pause' | 'resume'>(name: N, description: string) =>
  createRoute({
    operationId: `${name}Workflow`,
    method: 'post',
    path: `${run}/${name}`,
    request: { params },
    responses: { ...ofChange, 200: json(Status, description) },
  });

export const cancelRun = control('cancel', 'The run is cancelled; nothing half-done is left.');
export const pauseRun = control('pause', 'The run waits until it is resumed.');
export const resumeRun = control('resume', 'The run goes on where it stopped.');

export const restartRun = createRoute({
  operationId: 'restartWorkflow',
  method: 'post',
  path: `${run}/restart`,
  middleware: jsonOnly,
  request: { params, body: body(Restart) },
  responses: { ...ofChange, ...withBody, 200: json(Status, 'A new attempt has begun from that phase.') },
});

export const getGates = createRoute({
  operationId: 'getGates',
  method: 'get',
  path: `${run}/gates`,
  request: { params },
  responses: { ...ofRun, 200: json(GateList, 'What the run waits for.') },
});

export const decideGate = createRoute({
  operationId: 'decideGate',
  method: 'post',
  path: `${run}/gates/{gateId}`,
  description: 'A slash in a gate’s id is written as %2F.',
  middleware: jsonOnly,
  request: { params: params.extend({ gateId: z.string().min(1).max(300) }), body: body(GateDecision) },
  responses: { ...ofChange, ...withBody, 200: json(Status, 'The decision is recorded and the run goes on.') },
});

export const getDocument = createRoute({
  operationId: 'getDocument',
  method: 'get',
  path: '/openapi.json',
  responses: { 401: refused[401], 403: refused[403], 200: json(z.looseObject({}), 'This document.') },
});

export const getHealth = createRoute({
  operationId: 'getHealth',
  method: 'get',
  path: '/healthz',
  security: [],
  responses: { 403: refused[403], 200: json(z.object({ status: z.literal('ok') }), 'The server answers.') },
});

export const getMetrics = createRoute({
  operationId: 'getMetrics',
  method: 'get',
  path: '/metrics',
  responses: {
    401: refused[401],
    403: refused[403],
    200: { description: 'Prometheus text.', content: { 'text/plain': { schema: z.string() } } },
  },
});
