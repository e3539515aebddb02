import assert from 'node:assert/strict';
import { z } from 'zod';
import { token } from './apiServer.ts';

/** A client that knows of the API what its OpenAPI document says, and holds every answer against it. */

type Json = Readonly<Record<string, unknown>>;

export interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: 'path' | 'query' | 'header';
    readonly required?: boolean;
    readonly schema: Json;
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Json }>> };
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Json }>> }>
  >;
}

export interface OpenApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Json>> };
}

interface DescribedRoute {
  readonly method: string;
  readonly path: string;
  readonly responses: Readonly<Record<number | string, unknown>>;
}

type SchemaOf<Response> = Response extends {
  readonly content: { readonly 'application/json': { readonly schema: infer S extends z.ZodType } };
}
  ? z.infer<S>
  : never;
type Success<R extends DescribedRoute> = R['responses'] extends { readonly 200: infer Ok }
  ? SchemaOf<Ok>
  : R['responses'] extends { readonly 202: infer Accepted }
    ? SchemaOf<Accepted>
    : never;

export interface CallArguments {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

export async function connect(port: number) {
  const base = `http://127.0.0.1:${port}`;
  const authorization = `Bearer ${token}`;
  const document = (await (
    await fetch(`${base}/openapi.json`, { headers: { authorization } })
  ).json()) as OpenApiDocument;

  /** Any answer, as the document describes it. */
  async function ask(method: string, path: string, args: CallArguments = {}): Promise<Answer<unknown>> {
    const operation = document.paths[path]?.[method];
    assert.ok(operation, `The document has no ${method} ${path}.`);
    const filled = path.replaceAll(/\{(\w+)\}/g, (_, name) => encodeURIComponent(args.params?.[name] ?? ''));
    const query = new URLSearchParams(Object.entries(args.query ?? {}).map(([name, value]) => [name, String(value)]));
    const response = await fetch(`${base}${filled}${query.size > 0 ? `?${query}` : ''}`, {
      method: method.toUpperCase(),
      headers: {
        authorization,
        ...(args.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...args.headers,
      },
      ...(args.body === undefined ? {} : { body: JSON.stringify(args.body) }),
    });
    const what = `${method} ${filled} → ${response.status}`;
    const described = operation.responses[response.status];
    assert.ok(described, `${what} is not in the document: ${await response.clone().text()}`);
    assert.equal(response.headers.get('cache-control'), 'no-store');
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
    const text = await response.text();
    const type = response.headers.get('content-type')?.split(';')[0] ?? '';
    const schema = described.content?.[type]?.schema;
    assert.ok(schema, `${what} is ${type}, which the document does not have.`);
    const body: unknown = type.endsWith('json') ? JSON.parse(text) : text;
    const checked = validatorOf(document, schema).safeParse(body);
    assert.ok(
      checked.success,
      `${what} is not as the document says: ${checked.error?.message}\n${text.slice(0, 2000)}`,
    );
    return { status: response.status, headers: response.headers, body };
  }

  return {
    document,
    ask,
    /** The answer to a request that succeeds. */
    async call<R extends DescribedRoute>(route: R, args: CallArguments = {}): Promise<Success<R>> {
      const { status, body } = await ask(route.method, route.path, args);
      assert.ok(status < 300, `${route.method} ${route.path} → ${status}: ${JSON.stringify(body)}`);
      return body as Success<R>;
    },
    /** The status and the code of a request that is refused. */
    async refusal(route: DescribedRoute, args: CallArguments = {}): Promise<readonly [number, string]> {
      const { status, headers, body } = await ask(route.method, route.path, args);
      assert.equal(headers.get('content-type'), 'application/problem+json');
      const { code, status: inBody } = body as { code: string; status: number };
      assert.equal(inBody, status);
      return [status, code];
    },
  };
}

const validators = new WeakMap<object, z.ZodType>();

function validatorOf(document: OpenApiDocument, schema: Json): z.ZodType {
  const known = validators.get(schema);
  if (known) return known;
  const local = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value).replaceAll('#/components/schemas/', '#/$defs/'));
  const whole = { ...(local(schema) as Json), $defs: local(document.components.schemas) };
  const validator = z.fromJSONSchema(whole as Parameters<typeof z.fromJSONSchema>[0]);
  validators.set(schema, validator);
  return validator;
}
