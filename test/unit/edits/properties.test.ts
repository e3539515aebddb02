import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { diffHunksInSlices } from '../../../src/workflow/edits/diffInSlices.ts';
import { diffHunks } from '../../../src/workflow/edits/hunks.ts';
import { splitLines } from '../../../src/workflow/edits/lines.ts';
import { rebase, rebaseInSlices } from '../../../src/workflow/edits/rebase.ts';
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
import type { FileAction, LineRange } from '../../../src/workflow/schemas.ts';
import { anyBlocks, type Blocks, render } from './blocks.ts';
import { checkState, commonCount, linesOf, pendingIds, splice } from './oracle.ts';
import { anyText } from './texts.ts';

const propose = (base: string | null, text: string, action: FileAction = base === null ? 'create' : 'modify') =>
  createProposal({
    id: 'P',
    taskId: 'T1',
    path: 'b.ts',
    action,
    ...(action === 'rename' ? { from: 'a.ts' } : {}),
    base,
    text,
    rationale: '',
    provenance: [],
    taskRequirements: ['R1'],
  });

const conflictOf = (state: ReviewState, hunkId: string) => state.conflicts.find((other) => other.hunkId === hunkId);
const touch = (a: LineRange, b: LineRange) => a.start <= b.start + b.count && b.start <= a.start + a.count;

/** A permutation and a choice for each of `count` things. */
const plans = (count: number) =>
  fc.tuple(
    fc.shuffledSubarray([...Array(count).keys()], { minLength: count }),
    fc.array(fc.boolean(), { minLength: count, maxLength: count }),
  );

describe('lines and hunks', () => {
  it('splits at line ends only, and joined lines are the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '\n', '\r', '\r\n', '😀', '\u2028') }), (text) => {
        assert.deepEqual(splitLines(text), linesOf(text));
        assert.equal(splitLines(text).join(''), text);
      }),
    );
  });

  it('changes as few lines as can be, with an unchanged line between any two hunks', () => {
    fc.assert(
      fc.property(anyText, anyText, (base, text) => {
        const hunks = diffHunks(base, text);
        const [a, b] = [linesOf(base), linesOf(text)];
        const changed = hunks.reduce((sum, { baseRange, newRange }) => sum + baseRange.count + newRange.count, 0);
        assert.equal(changed, a.length + b.length - 2 * commonCount(a, b));
        for (const [index, { baseRange, newRange }] of hunks.entries()) {
          const before = hunks[index - 1];
          if (!before) continue;
          assert.ok(baseRange.start > before.baseRange.start + before.baseRange.count);
          assert.ok(newRange.start > before.newRange.start + before.newRange.count);
        }
        assert.equal(splice(base, text, hunks), text);
      }),
      { numRuns: 1000 },
    );
  });

  it('never cuts a line end or a character in two, whatever is accepted', () => {
    fc.assert(
      fc.property(anyText, anyText, (base, text) => {
        for (const { baseRange, newRange } of diffHunks(base, text)) {
          for (const [side, range] of [
            [base, baseRange],
            [text, newRange],
          ] as const) {
            for (const line of [range.start, range.start + range.count]) {
              const at = linesOf(side).slice(0, line).join('').length;
              assert.doesNotMatch(side.slice(Math.max(0, at - 1), at + 1), /^(\r\n|[\ud800-\udbff][\udc00-\udfff])$/);
              assert.ok(at === 0 || at === side.length || side[at - 1] === '\n');
            }
          }
        }
      }),
    );
  });

  it('is sound for files with too many changes for the fewest to be found', () => {
    const line = fc.constantFrom('a\n', 'b\n', 'c\n', '}\n', '\n', 'one\n', 'two\r\n');
    const file = fc.array(fc.oneof({ weight: 20, arbitrary: line }, { weight: 1, arbitrary: fc.uuid() }), {
      minLength: 1500,
      maxLength: 3000,
      size: 'max',
    });
    fc.assert(
      fc.property(file, file, (a, b) => {
        const [base, text] = [a.join(''), b.join('')];
        assert.equal(splice(base, text, diffHunks(base, text)), text);
      }),
      { numRuns: 15 },
    );
  });

  it('are the same when they are looked for in slices, with a turn for others between', async () => {
    const line = (index: number) => `line ${index % 7 === 0 ? index : index % 5}\n`;
    const lines = Array.from({ length: 200_000 }, (_, index) => line(index));
    const changed = lines.filter((_, index) => index % 31 !== 0);
    let turns = 0;
    const ticking = setInterval(() => turns++, 1);
    const hunks = await diffHunksInSlices(lines.join(''), changed.join(''));
    clearInterval(ticking);
    assert.deepEqual(hunks, diffHunks(lines.join(''), changed.join('')));
    assert.ok(turns > 1);
    assert.deepEqual(await diffHunksInSlices('a\n', 'a\n'), []);
  });
});

describe('decisions', () => {
  it('give the accepted hunks and no others, in whatever order they are made', () => {
    const cases = fc.tuple(anyText, anyText).chain(([base, text]) => {
      const hunks = diffHunks(base, text);
      return fc.tuple(fc.constant({ base, text, hunks }), plans(hunks.length), plans(hunks.length));
    });
    fc.assert(
      fc.property(cases, ([{ base, text, hunks }, [order, choice], [otherOrder]]) => {
        const expected = splice(
          base,
          text,
          hunks.filter((_, index) => choice[index]),
        );
        for (const each of [order, otherOrder]) {
          let state = propose(base, text);
          let file = base;
          for (const index of each) {
            const id = `P.${index + 1}`;
            if (choice[index]) {
              const next = acceptHunk(state, id, file);
              state = next.state;
              file = next.fileText ?? '';
            } else state = rejectHunk(state, id);
            checkState(state);
            assert.equal(state.base.text, file);
          }
          assert.equal(file, expected);
          assert.ok(isSettled(state));
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('accepting all gives the proposal without what was rejected; rejecting all gives the file as it was', () => {
    const cases = fc.tuple(anyText, anyText).chain(([base, text]) => {
      const hunks = diffHunks(base, text);
      return fc.tuple(fc.constant({ base, text, hunks }), plans(hunks.length));
    });
    fc.assert(
      fc.property(cases, ([{ base, text, hunks }, [order, rejected]]) => {
        assert.equal(acceptAll(propose(base, text), base).fileText, text);
        assert.equal(rejectAll(propose(base, text)).text, base);
        let state = propose(base, text);
        for (const index of order) if (rejected[index]) state = rejectHunk(state, `P.${index + 1}`);
        const all = acceptAll(state, base);
        checkState(all.state);
        assert.equal(
          all.fileText,
          splice(
            base,
            text,
            hunks.filter((_, index) => !rejected[index]),
          ),
        );
        assert.equal(rejectAll(state).text, base);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a proposal and the developer’s own edits', () => {
  it('at different lines become one text with all lines of both', () => {
    fc.assert(
      fc.property(anyBlocks('nobody', 'mine', 'theirs', 'same'), (blocks) => {
        const [base, text, onto] = sides(blocks);
        const expected = render(
          blocks,
          blocks.mine.map((mine, index) => (mine === blocks.base[index] ? (blocks.theirs[index] ?? '') : mine)),
        );
        assert.deepEqual(rebase({ base, text, onto }), { text: expected, conflicts: [] });
        const state = rebaseOnto(propose(base, text), onto);
        checkState(state);
        assert.deepEqual(state.conflicts, []);
        assert.equal(acceptAll(state, onto).fileText, expected);
        assert.equal(rejectAll(state).text, onto);
      }),
      { numRuns: 1000 },
    );
  });

  it('come to the same when they are merged in slices', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, anyText, anyText, async (base, text, onto) => {
        assert.deepEqual(await rebaseInSlices({ base, text, onto }), rebase({ base, text, onto }));
      }),
    );
  });

  it('at the same lines are a conflict unless they are the same edit', () => {
    fc.assert(
      fc.property(anyBlocks('nobody', 'mine', 'theirs', 'same', 'both'), (blocks) => {
        const [base, text, onto] = sides(blocks);
        const clashing = blocks.base.flatMap((each, index) => {
          const [mine = '', theirs = ''] = [blocks.mine[index], blocks.theirs[index]];
          return mine !== each && theirs !== each && mine !== theirs ? [{ onto: theirs, proposed: mine }] : [];
        });
        const merged = rebase({ base, text, onto });
        assert.deepEqual(merged.conflicts, clashing);
        const state = rebaseOnto(propose(base, text), onto);
        checkState(state);
        assert.deepEqual(
          state.conflicts.map(({ current, proposed }) => ({ onto: current, proposed })),
          clashing,
        );
        assert.equal(state.text, merged.text);
      }),
      { numRuns: 1000 },
    );
  });

  it('touch or do not: repeated lines change nothing about what is a conflict', () => {
    fc.assert(
      fc.property(anyText, anyText, anyText, (base, text, onto) => {
        const mine = diffHunks(base, text);
        const theirs = diffHunks(base, onto);
        const merged = rebase({ base, text, onto });
        const apart = mine.every((a) => theirs.every((b) => !touch(a.baseRange, b.baseRange)));
        if (apart) {
          const lines = linesOf(base);
          const edits = [
            ...mine.map(({ baseRange, newRange }) => ({ baseRange, newRange, from: linesOf(text) })),
            ...theirs.map(({ baseRange, newRange }) => ({ baseRange, newRange, from: linesOf(onto) })),
          ].sort((a, b) => b.baseRange.start - a.baseRange.start);
          for (const { baseRange, newRange, from } of edits) {
            const put = from.slice(newRange.start, newRange.start + newRange.count);
            lines.splice(baseRange.start, baseRange.count, ...put);
          }
          assert.deepEqual(merged, { text: lines.join(''), conflicts: [] });
        }
        const state = rebaseOnto(propose(base, text), onto);
        checkState(state);
        assert.equal(state.text, merged.text);
        assert.equal(state.conflicts.length, merged.conflicts.length);
        assert.equal(rejectAll(state).text, onto);
      }),
      { numRuns: 2000 },
    );
  });

  it('can come between any two decisions', () => {
    const cases = anyBlocks('nobody', 'mine', 'theirs').chain((blocks) =>
      fc.tuple(fc.constant(blocks), plans(blocks.base.length)),
    );
    fc.assert(
      fc.property(cases, ([blocks, [order, choice]]) => {
        const [base, text] = sides(blocks);
        const file = [...blocks.base];
        const hunkIds = new Map<number, string>();
        let state = propose(base, text);
        for (const [index, mine] of blocks.mine.entries())
          if (mine !== blocks.base[index]) hunkIds.set(index, `P.${hunkIds.size + 1}`);
        for (const index of order) {
          const id = hunkIds.get(index);
          if (id === undefined) {
            file[index] = blocks.theirs[index] ?? '';
            if (choice[index]) state = rebaseOnto(state, render(blocks, file));
          } else if (choice[index]) {
            const next = acceptHunk(state, id, render(blocks, file));
            file[index] = blocks.mine[index] ?? '';
            assert.equal(next.fileText, render(blocks, file));
            state = next.state;
          } else state = rejectHunk(state, id);
          checkState(state);
        }
        assert.ok(isSettled(state));
        assert.equal(rebaseOnto(state, render(blocks, file)).text, render(blocks, file));
      }),
      { numRuns: 1000 },
    );
  });

  it('are followed when an accepted hunk is undone in the editor; the other hunks stay', () => {
    const cases = anyBlocks('nobody', 'mine').chain((blocks) =>
      fc.tuple(fc.constant(blocks), plans(blocks.base.length)),
    );
    fc.assert(
      fc.property(cases, ([blocks, [, choice]]) => {
        const [base, text] = sides(blocks);
        let state = propose(base, text);
        let file = base;
        for (const [index, id] of pendingIds(state).entries()) {
          if (!choice[index]) continue;
          const next = acceptHunk(state, id, file);
          state = next.state;
          file = next.fileText ?? '';
        }
        const left = pendingIds(state);
        const undone = rebaseOnto(state, base);
        checkState(undone);
        assert.deepEqual(undone.conflicts, []);
        assert.deepEqual(pendingIds(undone), left);
        assert.equal(rejectAll(undone).text, base);
        const again = rebaseOnto(undone, file);
        assert.equal(again.text, text);
        assert.deepEqual(pendingIds(again), left);
      }),
    );
  });
});

describe('a conflict', () => {
  it('ends with the side that was chosen, each for itself and in any order', () => {
    const cases = anyBlocks('nobody', 'mine', 'theirs', 'both').chain((blocks) =>
      fc.tuple(fc.constant(blocks), plans(blocks.base.length)),
    );
    fc.assert(
      fc.property(cases, ([blocks, [order, choice]]) => {
        const [base, text, onto] = sides(blocks);
        let state = rebaseOnto(propose(base, text), onto);
        const conflicts = state.conflicts.map(({ hunkId, proposed, current }) => ({ hunkId, proposed, current }));
        for (const { hunkId } of conflicts) assert.throws(() => acceptHunk(state, hunkId, onto), { code: 'DRIFT' });
        const chosen = new Map<string, string>();
        for (const index of order) {
          const conflict = conflicts[index];
          if (!conflict) continue;
          state = resolveConflict(state, conflict.hunkId, choice[index] ? 'proposed' : 'current');
          checkState(state);
          chosen.set(conflict.proposed + conflict.current, choice[index] ? conflict.proposed : conflict.current);
        }
        const expected = blocks.mine.map((mine, index) => {
          const theirs = blocks.theirs[index] ?? '';
          return chosen.get(mine + theirs) ?? (mine === blocks.base[index] ? theirs : mine);
        });
        assert.equal(state.text, render(blocks, expected));
        assert.equal(acceptAll(state, onto).fileText, render(blocks, expected));
      }),
      { numRuns: 1000 },
    );
  });

  it('stays what it is while other lines of the right side are written, and ends when its own are', () => {
    const cases = anyBlocks('nobody', 'mine', 'theirs', 'both', 'both').chain((blocks) =>
      fc.tuple(fc.constant(blocks), fc.nat({ max: blocks.base.length - 1 }), fc.constantFrom('', 'W\n', 'W\nW\r\n')),
    );
    fc.assert(
      fc.property(cases, ([blocks, at, written]) => {
        const [base, text, onto] = sides(blocks);
        const before = rebaseOnto(propose(base, text), onto);
        const right = blocks.mine.map((mine, index) => {
          const theirs = blocks.theirs[index] ?? '';
          return theirs === blocks.base[index] ? mine : theirs;
        });
        assert.equal(before.text, render(blocks, right));
        const own = before.conflicts.find(({ current, proposed }) => current + proposed === pair(blocks, at));
        const wrote = right[at] !== written;
        right[at] = written;
        const after = editText(before, render(blocks, right));
        checkState(after);
        assert.equal(after.text, render(blocks, right));
        const open = wrote && own ? before.conflicts.filter((other) => other !== own) : before.conflicts;
        assert.deepEqual(after.conflicts, open);
        if (own && wrote) assert.ok(pendingIds(after).includes(own.hunkId));
        let state = after;
        for (const { hunkId } of open) {
          state = resolveConflict(state, hunkId, 'proposed');
          checkState(state);
        }
        const expected = right.map((each, index) =>
          open.some(({ current, proposed }) => current + proposed === pair(blocks, index))
            ? (blocks.mine[index] ?? '')
            : each,
        );
        assert.equal(acceptAll(state, onto).fileText, render(blocks, expected));
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps both sides when the file changes again', () => {
    fc.assert(
      fc.property(anyBlocks('nobody', 'both'), anyBlocks('nobody', 'both'), (blocks, later) => {
        const [base, text, onto] = sides(blocks);
        const first = rebaseOnto(propose(base, text), onto);
        const again = blocks.theirs.map((theirs, index) => (later.theirs[index] === undefined ? theirs : 'again\n'));
        const second = rebaseOnto(first, render(blocks, again));
        checkState(second);
        for (const { hunkId, proposed } of second.conflicts)
          assert.equal(proposed, conflictOf(first, hunkId)?.proposed ?? proposed);
        let state = second;
        for (const id of pendingIds(state)) state = resolveConflict(state, id, 'proposed');
        const expected = blocks.mine.map((mine, index) =>
          mine === blocks.base[index] || mine === blocks.theirs[index] ? (again[index] ?? '') : mine,
        );
        assert.equal(state.text, render(blocks, expected));
      }),
      { numRuns: 500 },
    );
  });

  it('never joins two lines at the end of a file that has no last line end', () => {
    const inConflict = rebaseOnto(propose('b\na\n', 'b\na'), 'b\n');
    assert.deepEqual(
      inConflict.conflicts.map(({ proposed, current }) => [proposed, current]),
      [['a', '']],
    );
    for (const written of ['c\nd', 'b\nc', 'b']) {
      const state = editText(inConflict, written);
      checkState(state);
      assert.deepEqual(state.conflicts, []);
      assert.equal(acceptAll(state, 'b\n').fileText, written);
    }
  });

  it('survives any sequence of edits, drifts and decisions', () => {
    const step = fc.record({
      kind: fc.constantFrom('edit', 'drift', 'accept', 'reject', 'proposed', 'current', 'acceptAll', 'revise'),
      text: anyText,
      pick: fc.nat(),
    });
    fc.assert(
      fc.property(anyText, anyText, fc.array(step, { maxLength: 10 }), (base, text, steps) => {
        let state = propose(base, text);
        let file: string | null = base;
        for (const { kind, text: other, pick } of steps) {
          const ids = pendingIds(state);
          const id = ids[pick % Math.max(1, ids.length)];
          if (kind === 'edit') state = editText(state, other);
          else if (kind === 'revise') {
            const revision = { madeFrom: state.text, revisedText: other, feedback: 'shorter' };
            state = reviseHunk(state, id ?? 'P.1', revision);
          } else if (kind === 'drift') {
            file = other;
            state = rebaseOnto(state, other);
          } else if (kind === 'acceptAll') {
            if (ids.length > 0 && ids.length === state.conflicts.length) continue;
            ({ state, fileText: file } = acceptAll(state, file));
          } else if (id === undefined) continue;
          else if (kind === 'accept') {
            if (conflictOf(state, id)) assert.throws(() => acceptHunk(state, id, file), { code: 'DRIFT' });
            else {
              const hunk = state.hunks.filter((one) => one.id === id);
              const expected = splice(file ?? '', state.text, hunk);
              ({ state, fileText: file } = acceptHunk(state, id, file));
              assert.equal(file, expected);
            }
          } else if (kind === 'reject') state = rejectHunk(state, id);
          else state = resolveConflict(state, id, kind === 'proposed' ? 'proposed' : 'current');
          checkState(state);
          assert.equal(state.base.text, file);
        }
        assert.equal(rejectAll(state).text, file);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('a revision by an agent', () => {
  it('changes its hunk and keeps what was decided meanwhile', () => {
    const cases = anyBlocks('nobody', 'mine').chain((blocks) =>
      fc.tuple(fc.constant(blocks), plans(blocks.base.length), fc.nat()),
    );
    fc.assert(
      fc.property(cases, ([blocks, [, choice], pick]) => {
        const [base, text] = sides(blocks);
        const asked = propose(base, text);
        const owned = blocks.mine.flatMap((mine, index) => (mine === blocks.base[index] ? [] : [index]));
        const at = owned[pick % Math.max(1, owned.length)];
        fc.pre(at !== undefined);
        const id = `P.${owned.indexOf(at) + 1}`;
        const revised = blocks.mine.map((mine, index) => (index === at ? 'revised\n' : mine));
        const expected = [...revised];
        let state = asked;
        for (const [order, index] of owned.entries()) {
          if (index === at || choice[index]) continue;
          state = rejectHunk(state, `P.${order + 1}`);
          expected[index] = blocks.base[index] ?? '';
        }
        const revision = { madeFrom: asked.text, revisedText: render(blocks, revised), feedback: 'shorter' };
        const next = reviseHunk(state, id, revision);
        checkState(next);
        assert.equal(next.text, render(blocks, expected));
        assert.deepEqual(pendingIds(next), pendingIds(state));
        assert.equal(next.hunks.find((hunk) => hunk.id === id)?.feedback, 'shorter');
        assert.equal(acceptAll(next, base).fileText, render(blocks, expected));
        const rewritten = editText(state, render(blocks, expected).replace('revised\n', 'mine alone\n'));
        assert.throws(() => reviseHunk(rewritten, id, revision), { code: 'DRIFT' });
      }),
      { numRuns: 500 },
    );
  });
});

describe('a renamed or deleted file', () => {
  it('is moved by accepting all, with the content that is not in conflict', () => {
    fc.assert(
      fc.property(anyBlocks('nobody', 'mine', 'theirs', 'both'), (blocks) => {
        const [base, text, onto] = sides(blocks);
        const moved = acceptAll(propose(base, text, 'rename'), onto);
        checkState(moved.state);
        assert.equal(moved.state.hunks[0]?.decision, 'accepted');
        assert.equal(moved.fileText, rebase({ base, text, onto }).text);
        assert.deepEqual(
          pendingIds(moved.state),
          moved.state.conflicts.map(({ hunkId }) => hunkId),
        );
        let state = moved.state;
        for (const { hunkId } of state.conflicts) state = resolveConflict(state, hunkId, 'proposed');
        const expected = blocks.mine.map((mine, index) =>
          mine === blocks.base[index] ? (blocks.theirs[index] ?? '') : mine,
        );
        assert.equal(acceptAll(state, moved.fileText).fileText, render(blocks, expected));
      }),
      { numRuns: 500 },
    );
  });

  it('keeps the move at the top, whatever is written above the first hunk', () => {
    const renamed = propose('a\nb\n', 'a\nB\n', 'rename');
    const state = editText(rebaseOnto(renamed, 'new\na\nb\n'), 'new\nx\na\nB\n');
    assert.deepEqual(state.hunks[0], renamed.hunks[0]);
    checkState(state);
    assert.equal(acceptHunk(state, 'P.1', 'new\na\nb\n').fileText, 'new\na\nb\n');
  });

  it('is not moved when it is gone', () => {
    const renamed = propose('a\nb\n', 'a\nB\n', 'rename');
    assert.throws(() => acceptHunk(renamed, 'P.1', null), { code: 'DRIFT', message: /a\.ts is not there/ });
    assert.throws(() => acceptAll(renamed, null), { code: 'DRIFT' });
  });

  it('is deleted only by accepting, and only as it was seen', () => {
    fc.assert(
      fc.property(anyText, anyText, (base, other) => {
        const state = propose(base, '', 'delete');
        assert.equal(acceptAll(state, base).fileText, null);
        assert.equal(acceptAll(rejectAll(state), base).fileText, base);
        fc.pre(other !== base && other !== '');
        const drifted = rebaseOnto(state, other);
        checkState(drifted);
        assert.throws(() => acceptAll(drifted, other), { code: 'DRIFT' });
        assert.equal(rejectAll(resolveConflict(drifted, 'P.1', 'current')).text, other);
        assert.equal(acceptAll(resolveConflict(drifted, 'P.1', 'proposed'), other).fileText, null);
      }),
    );
  });

  it('is not deleted once the developer has written on its right side', () => {
    fc.assert(
      fc.property(anyText, anyText, anyText, (base, other, written) => {
        fc.pre(written !== '' && written !== other);
        const state = editText(rebaseOnto(propose(base, '', 'delete'), other), written);
        checkState(state);
        assert.deepEqual(state.conflicts, []);
        assert.equal(acceptAll(state, other).fileText, state.text);
      }),
    );
  });

  it('is one hunk when it is new, also with nothing in it', () => {
    const emptied = editText(propose(null, 'a\n'), '');
    assert.deepEqual(pendingIds(emptied), ['P.1']);
    assert.equal(acceptHunk(emptied, 'P.1', null).fileText, '');
    assert.equal(acceptAll(rejectAll(propose(null, 'a\n')), null).fileText, null);
  });
});

describe('an editor that gives a document one line end', () => {
  it('does not change the lines it did not write', () => {
    fc.assert(
      fc.property(anyText, anyText, fc.constantFrom('\n', '\r\n'), (base, text, eol) => {
        const state = propose(base, text);
        const oneEol = text.replace(/\r?\n/g, eol);
        const mixed = /(?<!\r)\n/.test(text) && text.includes('\r\n');
        assert.equal(editText(state, oneEol).text, mixed ? text : oneEol);
      }),
    );
    const state = propose('a\r\nb\nc\n', 'a\r\nb\nC\n');
    assert.equal(editText(state, 'a\nb\nD\n').text, 'a\r\nb\nD\n');
  });
});

function sides(blocks: Blocks): [base: string, text: string, onto: string] {
  return [render(blocks, blocks.base), render(blocks, blocks.mine), render(blocks, blocks.theirs)];
}

function pair({ mine, theirs }: Blocks, index: number): string {
  return `${theirs[index]}${mine[index]}`;
}
