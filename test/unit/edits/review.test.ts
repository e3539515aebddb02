import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { applyHunks, diffHunks } from '../../../src/workflow/edits/hunks.ts';
import { rebase } from '../../../src/workflow/edits/rebase.ts';
import {
  acceptAll,
  acceptHunk,
  createProposal,
  editText,
  isSettled,
  rebaseOnto,
  rejectAll,
  rejectHunk,
  resolveConflict,
  reviseHunk,
} from '../../../src/workflow/edits/review.ts';
import type { ReviewState } from '../../../src/workflow/edits/reviewState.ts';
import { anyText } from './texts.ts';

const propose = (
  base: string | null,
  text: string,
  action: 'create' | 'modify' | 'delete' = base === null ? 'create' : 'modify',
) =>
  createProposal({
    id: 'P',
    taskId: 'T1',
    path: 'a.ts',
    action,
    base,
    text,
    rationale: '',
    provenance: [],
    taskRequirements: ['R1'],
  });

const pendingIds = (state: ReviewState) =>
  state.hunks.filter(({ decision }) => decision === 'pending').map(({ id }) => id);

/** The invariant: pending hunks that are not in conflict are exactly what differs. */
function checkInvariant(state: ReviewState): void {
  const conflicting = new Set(state.conflicts.map(({ hunkId }) => hunkId));
  const open = state.hunks.filter(({ id, decision }) => decision === 'pending' && !conflicting.has(id));
  assert.equal(applyHunks(state.base.text, state.text, open), state.text);
  assert.equal(applyHunks(state.base.text, state.text, []), state.base.text);
}

describe('hunks', () => {
  it('applied in any subset and order give the same text; none gives the base, all the text', () => {
    fc.assert(
      fc.property(anyText, anyText, fc.infiniteStream(fc.boolean()), (base, text, coin) => {
        const hunks = diffHunks(base, text);
        assert.equal(applyHunks(base, text, []), base);
        assert.equal(applyHunks(base, text, hunks), text);
        const some = hunks.filter(() => coin.next().value);
        assert.equal(applyHunks(base, text, some), applyHunks(base, text, [...some].reverse()));
      }),
      { numRuns: 500 },
    );
  });
});

describe('a proposal under review', () => {
  it('accepted whole is the proposed text, rejected whole leaves the file as it was', () => {
    fc.assert(
      fc.property(anyText, anyText, (base, text) => {
        fc.pre(base !== text);
        const state = propose(base, text);
        assert.equal(acceptAll(state, base).fileText, text);
        const rejected = rejectAll(state);
        assert.equal(rejected.text, base);
        assert.ok(isSettled(rejected));
      }),
      { numRuns: 500 },
    );
  });

  it('gives the same file whatever the order of decisions', () => {
    fc.assert(
      fc.property(
        anyText,
        anyText,
        fc.infiniteStream(fc.boolean()),
        fc.infiniteStream(fc.nat()),
        (base, text, coin, picks) => {
          const raw = diffHunks(base, text);
          fc.pre(raw.length > 0);
          let state = propose(base, text);
          let file = base;
          const accepted = new Set<string>();
          for (let ids = pendingIds(state); ids.length > 0; ids = pendingIds(state)) {
            const id = ids[picks.next().value % ids.length] ?? '';
            if (coin.next().value) {
              accepted.add(id);
              const next = acceptHunk(state, id, file);
              state = next.state;
              file = next.fileText ?? '';
            } else {
              state = rejectHunk(state, id);
            }
            assert.equal(state.base.text, file);
            checkInvariant(state);
          }
          const expected = applyHunks(
            base,
            text,
            raw.filter((_, index) => accepted.has(`P.${index + 1}`)),
          );
          assert.equal(file, expected);
          assert.equal(state.text, file);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('accepts hunk 2 of 3 and changes just those lines', () => {
    const base = 'one\ntwo\nthree\nfour\nfive\n';
    const state = propose(base, 'ONE\ntwo\nTHREE\nmore\nfour\nFIVE\n');
    const { state: next, fileText } = acceptHunk(state, 'P.2', base);
    assert.equal(fileText, 'one\ntwo\nTHREE\nmore\nfour\nfive\n');
    assert.deepEqual(pendingIds(next), ['P.1', 'P.3']);
    assert.equal(acceptHunk(next, 'P.3', fileText).fileText, 'one\ntwo\nTHREE\nmore\nfour\nFIVE\n');
  });

  it('keeps its invariant through random edits, decisions and changes underneath', () => {
    const action = fc.oneof(
      fc.record({ kind: fc.constant('edit' as const), text: anyText }),
      fc.record({ kind: fc.constant('drift' as const), text: anyText }),
      fc.record({ kind: fc.constantFrom('accept' as const, 'reject' as const, 'resolve' as const), pick: fc.nat() }),
    );
    fc.assert(
      fc.property(anyText, anyText, fc.array(action, { maxLength: 8 }), (base, text, actions) => {
        fc.pre(base !== text);
        let state = propose(base, text);
        for (const step of actions) {
          const ids = pendingIds(state);
          if (step.kind === 'edit') state = state.conflicts.length === 0 ? editText(state, step.text) : state;
          else if (step.kind === 'drift') state = rebaseOnto(state, step.text);
          else if (ids.length > 0) {
            const id = ids[step.pick % ids.length] ?? '';
            const conflicting = state.conflicts.some(({ hunkId }) => hunkId === id);
            if (step.kind === 'reject') state = rejectHunk(state, id);
            else if (!conflicting) state = acceptHunk(state, id, state.base.text).state;
            else assert.throws(() => acceptHunk(state, id, state.base.text), { code: 'DRIFT' });
          }
          checkInvariant(state);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('follows edits of the developer elsewhere in the file, and neither side loses a line', () => {
    const base = 'a\nb\nc\nd\ne\nf\ng\nh\n';
    const state = rebaseOnto(propose(base, 'a\nb\nc\nd\nE\nf\ng\nh\n'), 'mine\na\nb\nc\nd\ne\nf\ng\nH\n');
    assert.deepEqual(state.conflicts, []);
    assert.equal(acceptHunk(state, 'P.1', state.base.text).fileText, 'mine\na\nb\nc\nd\nE\nf\ng\nH\n');
  });

  it('puts a hunk in conflict when its own lines changed, and lets the developer choose', () => {
    const state = rebaseOnto(propose('a\nb\nc\n', 'a\nB\nc\n'), 'a\nmine\nc\n');
    assert.deepEqual(state.conflicts, [{ hunkId: 'P.1', proposed: 'B\n', current: 'mine\n' }]);
    assert.throws(() => acceptHunk(state, 'P.1', 'a\nmine\nc\n'), { code: 'DRIFT' });
    assert.ok(isSettled(resolveConflict(state, 'P.1', 'current')));
    const proposed = resolveConflict(state, 'P.1', 'proposed');
    assert.equal(acceptHunk(proposed, 'P.1', 'a\nmine\nc\n').fileText, 'a\nB\nc\n');
  });

  it('drops a hunk that the developer wrote meanwhile', () => {
    const state = rebaseOnto(propose('a\nb\nc\n', 'a\nB\nc\n'), 'a\nB\nc\n');
    assert.deepEqual(
      state.hunks.map(({ decision }) => decision),
      ['superseded'],
    );
  });

  it('keeps hunk ids when the developer edits the proposal', () => {
    const state = editText(propose('a\nb\nc\nd\ne\n', 'A\nb\nc\nd\nE\n'), 'A\nb\nc\nd\nE!\n');
    assert.deepEqual(pendingIds(state), ['P.1', 'P.2']);
    assert.equal(acceptHunk(state, 'P.2', 'a\nb\nc\nd\ne\n').fileText, 'a\nb\nc\nd\nE!\n');
  });

  it('puts a revision in the hunk’s place and keeps what was decided meanwhile', () => {
    const base = 'a\nb\nc\nd\ne\n';
    const madeFrom = propose(base, 'A\nb\nc\nd\nE\n');
    const meanwhile = rejectHunk(madeFrom, 'P.1');
    const revised = reviseHunk(meanwhile, 'P.2', {
      madeFrom: madeFrom.text,
      revisedText: 'A\nb\nc\nd\nbetter\n',
      feedback: 'better',
    });
    assert.equal(revised.text, 'a\nb\nc\nd\nbetter\n');
    assert.deepEqual(pendingIds(revised), ['P.2']);
    assert.equal(revised.hunks.find(({ id }) => id === 'P.2')?.feedback, 'better');
  });

  it('creates and deletes a file as one hunk', () => {
    const created = propose(null, 'x\ny\n');
    assert.equal(created.hunks.length, 1);
    assert.equal(acceptHunk(created, 'P.1', null).fileText, 'x\ny\n');
    const deleted = propose('x\ny\n', '', 'delete');
    assert.equal(deleted.hunks.length, 1);
    assert.equal(acceptHunk(deleted, 'P.1', 'x\ny\n').fileText, null);
  });

  it('never creates over a file that appeared meanwhile', () => {
    const state = propose(null, 'x\n');
    assert.throws(() => acceptHunk(state, 'P.1', 'theirs\n'), { code: 'DRIFT' });
  });
});

describe('rebase', () => {
  it('leaves an unchanged side alone', () => {
    fc.assert(
      fc.property(anyText, anyText, (base, text) => {
        assert.deepEqual(rebase({ base, text, onto: base }), { text, conflicts: [] });
        assert.deepEqual(rebase({ base, text: base, onto: text }), { text, conflicts: [] });
      }),
    );
  });
});
