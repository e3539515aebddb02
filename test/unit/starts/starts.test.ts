import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { inputSchema } from '../../../src/workflow/schemas.ts';
import { placeName, requestAbout } from '../../../src/workflow/starts/codeRequest.ts';
import { markdownRequest } from '../../../src/workflow/starts/markdownRequest.ts';
import { todoIn, wholeTodo } from '../../../src/workflow/starts/todoComment.ts';

describe('a request made of Markdown', () => {
  it('takes requirements and constraints from under their headings, and the rest as the request', () => {
    const input = markdownRequest(`# Safe slugs

Titles come from **people**.

## Requirements
- Letters with accents fold to ASCII,
  also capital ones.
- A slug can be cut
  - never in a word
  - never to nothing

1. It is fast

## Constraints
* No dependencies

## Out of scope
- Emoji

## Background
- this is a list, and asks for nothing
`);
    assert.deepEqual(input, {
      request: 'Safe slugs\n\nTitles come from **people**.\n\n## Background\n\n- this is a list, and asks for nothing',
      requirements: [
        'Letters with accents fold to ASCII, also capital ones.',
        'A slug can be cut: never in a word; never to nothing',
        'It is fast',
      ],
      constraints: ['No dependencies', 'Out of scope: Emoji'],
    });
  });

  it('reads an issue: front matter, comments of its template, bold lines as headings, ticked boxes as done', () => {
    const input = markdownRequest(`---
title: "Search is slow"
labels: bug
---
<!-- Describe the bug.
- one
-->
It takes 4 s.

**Acceptance criteria:**

- [ ] under 100 ms
- [x] reproduced
- [ ] a benchmark
`);
    assert.equal(input.request, 'Search is slow\n\nIt takes 4 s.\n\nDone already:\n- reproduced');
    assert.deepEqual(input.requirements, ['under 100 ms', 'a benchmark']);
    assert.equal(input.constraints, undefined);
  });

  it('takes boxes where no heading says so, and else the list right under the title', () => {
    assert.deepEqual(markdownRequest('Do it\n=====\n\n- [ ] a\n- [ ] b\n\n## Steps\n- c\n'), {
      request: 'Do it\n\n## Steps\n\n- c',
      requirements: ['a', 'b'],
    });
    assert.deepEqual(markdownRequest('# Do it\n- a\n- b\n\n## Notes\n- c'), {
      request: 'Do it\n\n## Notes\n\n- c',
      requirements: ['a', 'b'],
    });
    assert.deepEqual(markdownRequest('# Broken\n\n## Steps to reproduce\n1. open it\n').requirements, []);
  });

  it('takes paragraphs under such a heading where it has no list, and headings below it belong to it', () => {
    const { requirements, request } = markdownRequest(
      '# A\n\n## Goals\n\nBe fast\nand small.\n\n### Later\n\n- Be fun\n\n## Notes\n\nnone\n',
    );
    assert.deepEqual(requirements, ['Be fast and small.', 'Be fun']);
    assert.equal(request, 'A\n\n## Notes\n\nnone');
  });

  it('leaves fences alone, whatever looks like a list or a comment in them', () => {
    const fence = '```sh\n- [ ] no\n<!-- no -->\n# no\n```';
    const { request, requirements } = markdownRequest(`# A\n\n${fence}\n\n- [ ] yes\n`);
    assert.deepEqual(requirements, ['yes']);
    assert.equal(request, `A\n\n${fence}`);
  });

  it('reads German headings', () => {
    const input = markdownRequest('# Slugs\n\n## Anforderungen\n- schnell\n\n## Rahmenbedingungen\n- klein\n');
    assert.deepEqual([input.requirements, input.constraints], [['schnell'], ['klein']]);
  });

  it('cuts what is too long and says where the whole is', () => {
    const { request } = markdownRequest(`# A\n\n${'word '.repeat(9000)}`, 'docs/a.md');
    assert.match(request, /… cut here\. The whole is in docs\/a\.md\.$/);
    assert.ok(inputSchema.safeParse({ request, requirements: [] }).success);
  });

  it('loses no word of any text outside comments, and reads hostile ones in linear time', () => {
    const lines = fc.constantFrom(
      '# H',
      '- a1',
      '  - a2',
      '- [x] a3',
      '```',
      'a4',
      '',
      '## Requirements',
      '**B**',
      '---',
    );
    fc.assert(
      fc.property(fc.array(lines, { maxLength: 30 }), (drawn) => {
        const numbered = drawn.map((line, n) => (/a\d$/.test(line) ? `${line}w${n}` : line));
        const input = markdownRequest(`x0\n\n${numbered.join('\n')}`);
        const all = [input.request, ...input.requirements, ...(input.constraints ?? [])].join('\n');
        for (const word of numbered.join('\n').match(/a\dw\d+/g) ?? []) assert.ok(all.includes(word), word);
      }),
      { numRuns: 500 },
    );
    for (const hostile of [
      '- '.repeat(200_000),
      '<!--'.repeat(100_000),
      '#'.repeat(400_000),
      '**a'.repeat(100_000),
      '`'.repeat(400_000),
      `- a\n${' '.repeat(300_000)}`,
      '-\n'.repeat(200_000),
    ])
      assert.ok(markdownRequest(hostile).request.length <= 20_000);
  });
});

describe('a request about a piece of code', () => {
  it('names path and lines and fences the code, whatever fences are in it', () => {
    const place = { path: 'src/a.md', firstLine: 3, lastLine: 5, text: '```\nx\n```\n', language: 'markdown' };
    assert.equal(
      requestAbout('Make it shorter ', place),
      'Make it shorter\n\nThis is about src/a.md, lines 3 to 5:\n\n````markdown\n```\nx\n```\n````',
    );
    assert.equal(placeName({ path: null, firstLine: 2, lastLine: 2 }), 'line 2 of an unsaved file');
  });

  it('cuts a long one at a line, and says how many lines are left', () => {
    const text = Array.from({ length: 2000 }, (_, n) => `line ${n}`).join('\n');
    const request = requestAbout('x', { path: 'a.ts', firstLine: 1, lastLine: 2000, text });
    const kept = request.split('\n').filter((line) => line.startsWith('line ')).length;
    assert.match(request, new RegExp(`… ${2000 - kept} more lines in the file\\.$`));
    assert.ok(inputSchema.safeParse({ request }).success);
  });
});

describe('a TODO comment', () => {
  it('is found in the comments of many languages, and not in code or prose', () => {
    const found = (line: string) => todoIn(line)?.text;
    assert.equal(found('  // TODO: fold letters'), 'fold letters');
    assert.equal(found('x = 1  # FIXME(ann) off by one'), 'off by one');
    assert.equal(found('/* TODO - close it */'), 'close it');
    assert.equal(found(' * TODO write it'), 'write it');
    assert.equal(found('<!-- TODO a picture -->'), 'a picture');
    assert.equal(found('-- TODO: an index'), 'an index');
    assert.equal(found('const TODO = 1;'), undefined);
    assert.equal(found('TODO: a plain line'), undefined);
    assert.equal(found('// see https://example.org/TODO'), undefined);
    assert.equal(found('// TODOS are listed'), undefined);
    assert.equal(found(`// ${'x'.repeat(500)} TODO y`), undefined);
  });

  it('goes on through the lines of its comment, to the next mark of work or the code', () => {
    const whole = (text: string, at = 0) => wholeTodo(text.split('\n'), at);
    assert.deepEqual(whole('// TODO: fold letters\n//   such as é\n\n// other'), {
      keyword: 'TODO',
      text: 'fold letters such as é',
      lastLine: 1,
    });
    assert.equal(whole('/*\n * FIXME a\n * b\n */\ncode()', 1)?.text, 'a b');
    assert.equal(whole('# TODO a\n# TODO b')?.text, 'a');
    assert.equal(whole('f() // TODO a\n// b')?.text, 'a');
    assert.equal(whole('/* TODO a */\n* b')?.text, 'a');
    assert.equal(whole('// nothing'), undefined);
  });
});
