import assert from 'node:assert/strict';
import { test } from 'node:test';
import { join, slug } from '../src/slug.ts';

test('joins the words of a title with hyphens', () => {
  assert.equal(slug('Hello, World!'), 'hello-world');
  assert.equal(slug('  Ten   things -- to do  '), 'ten-things-to-do');
});

test('drops apostrophes', () => {
  assert.equal(slug("Don't panic"), 'dont-panic');
  assert.equal(slug('Rock ’n’ roll'), 'rock-n-roll');
});

test('treats symbols as the space between words', () => {
  assert.equal(slug('Tom & Jerry'), 'tom-jerry');
  assert.equal(slug('C++ / C#'), 'c-c');
});

test('has nothing to say about a title without letters or digits', () => {
  assert.equal(slug('?!'), '');
  assert.equal(slug(''), '');
});

test('joins parts into a path', () => {
  assert.equal(join('Blog', 'My first post'), 'blog/my-first-post');
  assert.equal(join('Blog', '…', '2024'), 'blog/2024');
});
