import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { acceptAll, acceptHunk, createProposal, rejectHunk } from '../../../src/workflow/edits/review.ts';
import type { ReviewState } from '../../../src/workflow/edits/reviewState.ts';
import { undoDecision } from '../../../src/workflow/edits/undo.ts';
import { PlanwrightError } from '../../../src/workflow/errors.ts';
import { anyBlocks, render } from './blocks.ts';
import { checkState, pendingIds } from './oracle.ts';
import { anyText } from './texts.ts';

const propose = (base: string | null, text: string) =>
  createProposal({
    id: 'P',
    taskId: 'T1',
    path: 'b.ts',
    action: base === null ? 'create' : 'modify',
    base,
    text,
    rationale: '',
    provenance: [],
    taskRequirements: ['R1'],
  });

interface Desk {
  state: ReviewState;
  file: string | null;
  readonly decided: Map<string, { before: ReviewState; after: ReviewState }>;
}

function decide(desk: Desk, id: string, accept: boolean): void {
  const before = desk.state;
  if (accept) {
    const next = acceptHunk(before, id, desk.file);
    desk.state = next.state;
    desk.file = next.fileText;
  } else desk.state = rejectHunk(before, id);
  desk.decided.set(id, { before, after: desk.state });
}

/** False when its lines were said to have changed since. */
function undo(desk: Desk, id: string): boolean {
  const versions = desk.decided.get(id);
  assert.ok(versions);
  try {
    const next = undoDecision(desk.state, id, versions, desk.file);
    desk.state = next.state;
    desk.file = next.fileText;
    return true;
  } catch (error) {
    if (error instanceof PlanwrightError && error.code === 'DRIFT') return false;
    throw error;
  }
}

const desk = (base: string | null, text: string): Desk => ({
  state: propose(base, text),
  file: base,
  decided: new Map(),
});
const choices = fc.array(fc.record({ accept: fc.boolean(), key: fc.nat() }), { minLength: 12, maxLength: 12 });
const shuffled = (ids: readonly string[], keys: readonly { key: number }[]) =>
  ids.map((id, index) => ({ id, key: keys[index % keys.length]?.key ?? 0 })).sort((a, b) => a.key - b.key);

describe('a decision that is taken back', () => {
  it('in whatever order: all hunks pending, the file and the right side as they were', () => {
    fc.assert(
      fc.property(anyBlocks('mine', 'nobody'), choices, choices, (blocks, order, back) => {
        const [base, text] = [render(blocks, blocks.base), render(blocks, blocks.mine)];
        const at = desk(base, text);
        const ids = pendingIds(at.state);
        for (const [index, { id }] of shuffled(ids, order).entries()) decide(at, id, order[index]?.accept ?? true);
        for (const { id } of shuffled(ids, back)) {
          assert.ok(undo(at, id), id);
          checkState(at.state);
          assert.equal(at.state.base.text, at.file ?? '');
        }
        assert.equal(at.file, base);
        assert.equal(at.state.text, text);
        assert.deepEqual(pendingIds(at.state).sort(), [...ids].sort());
      }),
      { numRuns: 500 },
    );
  });

  it('over any texts: whole and consistent, or refused with nothing changed', () => {
    let [done, refused] = [0, 0];
    fc.assert(
      fc.property(anyText, anyText, choices, (base, text, order) => {
        const at = desk(base, text);
        const ids = pendingIds(at.state);
        for (const [index, { id }] of shuffled(ids, order).entries()) decide(at, id, order[index]?.accept ?? true);
        for (const id of ids) {
          const [state, file] = [at.state, at.file];
          if (undo(at, id)) {
            done += 1;
            checkState(at.state);
            assert.ok(pendingIds(at.state).includes(id));
          } else {
            refused += 1;
            assert.deepEqual([at.state, at.file], [state, file]);
          }
        }
      }),
      { numRuns: 1000 },
    );
    assert.ok(done > refused * 20, `${done} undone, ${refused} refused`);
  });

  it('keeps what the developer wrote elsewhere in the file since', () => {
    fc.assert(
      fc.property(anyBlocks('mine', 'theirs', 'nobody'), choices, (blocks, order) => {
        const at = desk(render(blocks, blocks.base), render(blocks, blocks.mine));
        const ids = pendingIds(at.state);
        for (const { id } of shuffled(ids, order)) decide(at, id, true);
        at.file = render(
          blocks,
          blocks.mine.map((block, index) => (block === blocks.base[index] ? (blocks.theirs[index] ?? '') : block)),
        );
        for (const { id } of shuffled(ids, order).reverse()) undo(at, id);
        for (const theirs of blocks.theirs.filter((block, index) => block !== blocks.base[index] && block !== ''))
          assert.ok(at.file?.includes(theirs));
        checkState(at.state);
      }),
      { numRuns: 300 },
    );
  });

  it('is refused where the developer wrote on those lines since', () => {
    const at = desk('a\nb\nc\n', 'a\nB\nc\n');
    decide(at, 'P.1', true);
    at.file = 'a\nB, but better\nc\n';
    assert.equal(undo(at, 'P.1'), false);
    assert.equal(at.file, 'a\nB, but better\nc\n');
  });

  it('works after several were accepted at once', () => {
    const at = desk('a\n-\nb\n-\nc\n', 'A\n1\n-\nB\n-\nC\n');
    const before = at.state;
    const next = acceptAll(before, at.file);
    Object.assign(at, { state: next.state, file: next.fileText });
    for (const id of pendingIds(before)) at.decided.set(id, { before, after: next.state });
    assert.ok(undo(at, 'P.2'));
    assert.equal(at.file, 'A\n1\n-\nb\n-\nC\n');
    assert.deepEqual(pendingIds(at.state), ['P.2']);
  });

  it('brings a rejected new file back, and leaves an accepted one to the editor’s undo', () => {
    const rejected = desk(null, 'new\n');
    decide(rejected, 'P.1', false);
    assert.ok(undo(rejected, 'P.1'));
    assert.equal(rejected.state.text, 'new\n');
    const accepted = desk(null, 'new\n');
    decide(accepted, 'P.1', true);
    assert.throws(() => undo(accepted, 'P.1'), { code: 'INVALID_INPUT' });
  });
});
