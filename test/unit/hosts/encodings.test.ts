import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { NodeWorkspace } from '../../../src/hosts/node/nodeWorkspace.ts';
import { processOwner } from '../../../src/hosts/node/owner.ts';
import { systemClock } from '../../../src/hosts/node/systemClock.ts';
import { ProposalBook } from '../../../src/workflow/edits/proposalBook.ts';
import { createProposal } from '../../../src/workflow/edits/review.ts';
import { openDatabase } from '../../../src/workflow/engine/database.ts';
import { Store } from '../../../src/workflow/engine/store.ts';
import { encodingTable } from '../../fixtures/encodingTable.ts';

let folder: string;
let configured = 'utf8';
let workspace: NodeWorkspace;
let book: ProposalBook;
let runId: string;
let close: () => void;

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'planwright-encodings-'));
  workspace = new NodeWorkspace(join(folder, 'files'), { encodingOf: () => configured });
  const { db } = openDatabase(join(folder, 'planwright.db'));
  const store = new Store(db, systemClock);
  book = new ProposalBook(store, workspace, processOwner());
  runId = store.createRun(
    { request: 'x', requirements: [] },
    {
      model: '',
      workspace: '',
    },
  );
  close = () => db.close();
});
after(() => {
  book.dispose();
  close();
  rmSync(folder, { recursive: true, force: true });
});

const onDisk = (path: string) => readFileSync(join(workspace.root, path));

describe('encodings on disk', () => {
  for (const [index, { name, path, configured: setting, base, proposed, bytes, accepted }] of encodingTable.entries()) {
    it(`changes just the accepted hunk: ${name}`, async () => {
      configured = setting;
      mkdirSync(dirname(join(workspace.root, path)), { recursive: true });
      writeFileSync(join(workspace.root, path), bytes);
      assert.equal((await workspace.read(path))?.text, base);
      const about = {
        taskId: 'T1',
        path,
        action: 'modify',
        rationale: '',
        provenance: [],
        taskRequirements: [],
      } as const;
      const [first, second] = [`A${index}`, `B${index}`];
      await book.propose(runId, 1, createProposal({ ...about, id: first, base, text: proposed }));
      await book.rejectAll(runId, 1, first, 'test');
      assert.ok(onDisk(path).equals(bytes), 'a rejected proposal leaves the file');
      await book.propose(runId, 1, createProposal({ ...about, id: second, base, text: proposed }));
      const hunks = book.find(runId, 1, second)?.hunks ?? [];
      assert.equal(hunks.length, 3);
      await book.accept(runId, 1, second, hunks[1]?.id ?? '', 'test');
      assert.ok(onDisk(path).equals(accepted), onDisk(path).toString('latin1'));
      await book.rejectAll(runId, 1, second, 'test');
      assert.ok(onDisk(path).equals(accepted));
    });
  }

  it('keeps the hunk pending and the file as it is when the encoding has no bytes for it', async () => {
    configured = 'windows1252';
    writeFileSync(join(workspace.root, 'a.txt'), 'één\n', 'latin1');
    const about = { taskId: 'T1', path: 'a.txt', rationale: '', provenance: [], taskRequirements: [] };
    await book.propose(runId, 1, createProposal({ ...about, id: 'C', action: 'modify', base: 'één\n', text: '😀\n' }));
    await assert.rejects(book.acceptAll(runId, 1, 'C', 'test'), { code: 'ENCODING' });
    assert.deepEqual(onDisk('a.txt'), Buffer.from('één\n', 'latin1'));
    assert.equal(book.find(runId, 1, 'C')?.hunks[0]?.decision, 'pending');
  });

  it('moves a file with its encoding and mark, and makes a new one in the configured encoding', async () => {
    configured = 'utf8';
    writeFileSync(join(workspace.root, 'wide.txt'), '\uFEFFeen\n', 'utf16le');
    const expectedHash = (await workspace.read('wide.txt'))?.hash ?? '';
    await workspace.apply({ action: 'rename', from: 'wide.txt', path: 'b/wide.txt', text: 'é\n', expectedHash });
    assert.deepEqual(onDisk('b/wide.txt'), Buffer.from('\uFEFFé\n', 'utf16le'));
    configured = 'windows1252';
    await workspace.apply({ action: 'create', path: 'new.txt', text: 'é\n' });
    assert.deepEqual(onDisk('new.txt'), Buffer.from([0xe9, 0x0a]));
    await assert.rejects(workspace.apply({ action: 'create', path: 'c/new.txt', text: '日' }), { code: 'ENCODING' });
    assert.equal(await workspace.exists('c'), false);
  });
});
