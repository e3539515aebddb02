import fc from 'fast-check';
import type { CallArguments, OpenApiDocument, Operation } from './documentClient.ts';

/** Requests made from the API's own description: as it asks for, nearly so, and not at all so. */

type Json = Readonly<Record<string, unknown>>;

/** What a parameter of a path may name: most requests reach the right one, some one of another kind. */
export interface KnownIds {
  readonly right: (parameter: string) => string;
  readonly wrong: readonly string[];
}

export function arbitraryArguments(
  document: OpenApiDocument,
  operation: Operation,
  ids: KnownIds,
): fc.Arbitrary<CallArguments> {
  const parameters = operation.parameters ?? [];
  const valuesIn = (place: 'path' | 'query' | 'header', noise: fc.Arbitrary<string>) => {
    const here = parameters.filter((parameter) => parameter.in === place);
    const valueFor = (name: string, schema: Json) =>
      place === 'path' ? idValue(name, noise, ids) : parameterValue(document, schema, noise);
    const values = here.map(({ name, schema }) => [name, valueFor(name, schema)] as const);
    const requiredKeys = here.filter(({ required }) => required).map(({ name }) => name);
    return fc.record(Object.fromEntries(values), { requiredKeys });
  };
  const schema = operation.requestBody?.content['application/json']?.schema;
  const body = schema === undefined ? fc.constant(undefined) : nearly(arbitraryOf(document, schema, 0));
  return fc.record({
    params: valuesIn('path', pathNoise),
    query: valuesIn('query', fc.string({ unit: 'grapheme', maxLength: 30 })),
    headers: valuesIn('header', fc.string({ unit: fc.constantFrom(...'abz019-_.,;= %"') })),
    body,
  });
}

/** A dot segment would make it another path before it is sent. */
const pathNoise = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 120 })
  .filter((text) => text.isWellFormed() && !/^\.{1,2}$/.test(text));

function idValue(name: string, noise: fc.Arbitrary<string>, { right, wrong }: KnownIds): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 4, arbitrary: fc.constant(right(name)) },
    { weight: 1, arbitrary: fc.constantFrom(...wrong) },
    { weight: 1, arbitrary: noise },
  );
}

function parameterValue(document: OpenApiDocument, schema: Json, noise: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const asked = arbitraryOf(document, schema, 0).map(asText);
  return fc.oneof({ weight: 4, arbitrary: asked }, { weight: 1, arbitrary: noise });
}

/** Mostly as asked for; else with a member lost, added or exchanged, or something else altogether. */
function nearly(value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const altered = fc.tuple(value, fc.string(), fc.jsonValue({ maxDepth: 3 })).map(([whole, key, other]) => {
    if (whole === null || typeof whole !== 'object') return other;
    const [first] = Object.keys(whole);
    return { ...whole, [first ?? key]: other, [key]: other };
  });
  return fc.oneof(
    { weight: 5, arbitrary: value },
    { weight: 2, arbitrary: altered },
    { weight: 1, arbitrary: fc.jsonValue() },
  );
}

function arbitraryOf(document: OpenApiDocument, schema: Json, depth: number): fc.Arbitrary<unknown> {
  if (typeof schema.$ref === 'string') {
    return arbitraryOf(document, document.components.schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {}, depth);
  }
  if (Array.isArray(schema.enum)) return fc.constantFrom(...schema.enum);
  const {
    minLength = 0,
    maxLength = 200,
    pattern,
    minimum,
    maximum,
  } = schema as {
    minLength?: number;
    maxLength?: number;
    pattern?: string;
    minimum?: number;
    maximum?: number;
  };
  switch (schema.type) {
    case 'string':
      if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern));
      return fc.string({ unit: 'grapheme', minLength, maxLength: Math.min(maxLength, 200) });
    case 'integer':
    case 'number':
      return fc.integer({ min: minimum ?? -(2 ** 31), max: maximum ?? 2 ** 31 - 1 });
    case 'boolean':
      return fc.boolean();
    case 'array':
      return fc.array(arbitraryOf(document, schema.items as Json, depth + 1), { maxLength: 3 });
    case 'object':
      return objectOf(document, schema, depth);
    default:
      return fc.jsonValue({ maxDepth: 1 });
  }
}

function objectOf(document: OpenApiDocument, schema: Json, depth: number): fc.Arbitrary<unknown> {
  const properties = Object.entries((schema.properties ?? {}) as Record<string, Json>);
  if (properties.length === 0) {
    const values = (schema.additionalProperties ?? {}) as Json;
    return fc.dictionary(fc.string(), arbitraryOf(document, values, depth + 1), { maxKeys: 3 });
  }
  const members = properties.map(([name, member]) => [name, arbitraryOf(document, member, depth + 1)] as const);
  return fc.record(Object.fromEntries(members), { requiredKeys: (schema.required ?? []) as string[] });
}

/** As it would stand in an address; an object need not have a way to say itself. */
function asText(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
