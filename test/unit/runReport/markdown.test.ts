import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { block, cell, code, codeCell, inline, prose } from '../../../src/workflow/runReport/markdown.ts';
import { table } from '../../../src/workflow/runReport/sections.ts';

/** What VS Code draws its previews with; HTML let through, so that any that gets past us is seen. */
const reader = new MarkdownIt({ html: true });

/** The tags of a drawn document, and its text as a reader sees it. */
function drawn(markdown: string): { tags: string[]; text: string } {
  const html = reader.render(markdown);
  const tags = [...html.matchAll(/<(\w+)/g)].map(([, tag]) => tag ?? '');
  const text = html
    .replace(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
  return { tags, text: text.trim() };
}

/** Text as the worst of models might write it. */
const nasty = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...['`', '``', '|', '\\', '<b>', '</td>', '&lt;', '&', '*', '**', '_', '__', '[x](y)', '![i](u)', '#', '# '],
        ...['- ', '1. ', '2) ', '+ ', '> ', '~~', '$', '$$', '---', '===', '<!--', '-->', '\t', ' ', 'a_b', ':', ':-'],
      ),
      fc.string({ unit: 'grapheme', maxLength: 4 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

/** What is to be read: all but spaces, backticks, for they may make code, and what hides. */
const readable = (text: string) => text.replace(/[\s`\uFFFD]|[^\P{C}\uFFFD]/gu, '');

test('a text on one line reads as it was written, with nothing in it but code', () => {
  fc.assert(
    fc.property(nasty, (text) => {
      const { tags, text: read } = drawn(`x ${inline(text)}`);
      assert.deepEqual(
        [...new Set(tags)].filter((tag) => tag !== 'p' && tag !== 'code'),
        [],
      );
      assert.equal(readable(read), readable(`x ${text}`));
    }),
    { numRuns: 2000 },
  );
});

test('a text at the start of a line begins no block', () => {
  fc.assert(
    fc.property(nasty, (text) => {
      const { tags, text: read } = drawn(`- ${inline(text)}`);
      assert.deepEqual(
        [...new Set(tags)].filter((tag) => !['ul', 'li', 'code'].includes(tag)),
        [],
      );
      assert.equal(readable(read), readable(text));
    }),
    { numRuns: 2000 },
  );
});

test('a cell stays one cell', () => {
  fc.assert(
    fc.property(nasty, nasty, (text, name) => {
      const { tags, text: read } = drawn(table(['A', 'B', 'C'], [[cell(text), codeCell(name), 'end']]));
      assert.equal(tags.filter((tag) => tag === 'td').length, 3);
      assert.deepEqual(
        [...new Set(tags)].filter((tag) => !/^(table|thead|tbody|tr|th|td|code)$/.test(tag)),
        [],
      );
      assert.equal(readable(read), readable(`ABC${text}${name}end`));
    }),
    { numRuns: 2000 },
  );
});

test('what a tool printed stays inside its block', () => {
  fc.assert(
    fc.property(fc.array(nasty), (lines) => {
      const { tags } = drawn(`${block(lines.join('\n'))}\n\nafter`);
      assert.deepEqual(tags, ['pre', 'code', 'p']);
    }),
    { numRuns: 1000 },
  );
});

test('a longer text has paragraphs, lists and code, and no other markup', () => {
  fc.assert(
    fc.property(fc.array(nasty, { maxLength: 8 }), (lines) => {
      const { tags } = drawn(prose(lines.join('\n')));
      assert.deepEqual(
        [...new Set(tags)].filter((tag) => !/^(p|ul|li|code|pre|strong)$/.test(tag)),
        [],
      );
    }),
    { numRuns: 2000 },
  );
  assert.deepEqual(drawn(prose('a | b\n:-')).tags, ['p'], 'a table with one column');
  const { tags } = drawn(prose('# Title\nSome `code`.\n\n- one\n- two\n\n```ts\n<b>\n```\nend'));
  assert.deepEqual(tags, ['p', 'strong', 'p', 'code', 'ul', 'li', 'li', 'pre', 'code', 'p']);
});

test('names that Markdown would read stay readable as they are', () => {
  assert.equal(inline('snake_case stays, _this_ and 2 * 3 do not'), 'snake_case stays, \\_this\\_ and 2 \\* 3 do not');
  assert.equal(code('a`b'), '``a`b``');
  assert.equal(codeCell('a|b'), '`a\\|b`');
  assert.equal(inline('see `slug()`'), 'see `slug()`');
});
