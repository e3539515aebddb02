import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { CapabilitiesFile } from '../../../src/hosts/node/capabilitiesFile.ts';

const known = { refused: ['temperature' as const], callsTools: true, at: 5 };

function folder(t: TestContext): string {
  const made = mkdtempSync(join(tmpdir(), 'planwright-models-'));
  t.after(() => rmSync(made, { recursive: true }));
  return made;
}

test('another process knows what one has learned, model by model and server by server', (t) => {
  const storage = join(folder(t), 'not', 'there', 'yet');
  new CapabilitiesFile(storage).set('http://a/v1', 'm', known);
  const other = new CapabilitiesFile(storage);
  assert.deepEqual(other.get('http://a/v1', 'm'), known);
  assert.equal(other.get('http://b/v1', 'm'), undefined);
  assert.equal(other.get('http://a/v1', 'n'), undefined);
});

test('keeps what another process learned meanwhile', (t) => {
  const storage = folder(t);
  const [one, two] = [new CapabilitiesFile(storage), new CapabilitiesFile(storage)];
  one.get('http://a/v1', 'm');
  two.set('http://b/v1', 'm', known);
  one.set('http://a/v1', 'm', known);
  assert.deepEqual(new CapabilitiesFile(storage).get('http://b/v1', 'm'), known);
});

for (const text of [
  '',
  '{',
  '[]',
  '{"version":2,"models":{}}',
  '{"version":1,"models":{"http://a/v1 m":{"refused":["all"],"at":1}}}',
]) {
  test(`takes ${JSON.stringify(text)} for nothing known, and writes over it`, (t) => {
    const storage = folder(t);
    writeFileSync(join(storage, 'models.json'), text);
    const file = new CapabilitiesFile(storage);
    assert.equal(file.get('http://a/v1', 'm'), undefined);
    file.set('http://a/v1', 'm', known);
    assert.equal(JSON.parse(readFileSync(join(storage, 'models.json'), 'utf8')).version, 1);
  });
}

test('forgets the longest unheard of, so that the file stays small', (t) => {
  const storage = folder(t);
  const file = new CapabilitiesFile(storage);
  for (let at = 0; at < 210; at++) file.set('http://a/v1', `m${at}`, { refused: [], at });
  assert.equal(file.get('http://a/v1', 'm0'), undefined);
  assert.equal(file.get('http://a/v1', 'm209')?.at, 209);
});
