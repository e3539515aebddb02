/**
 * Is a file there to test others, by where it is and what it is called? `test/…`, `__tests__/…`, `spec/…`,
 * `slug.test.ts`, `test_slug.py`, `slug_test.go`, `SlugTest.java`, `SlugTests.cs`.
 */
export function isTestPath(path: string): boolean {
  const parts = path.split('/');
  const name = parts.pop() ?? '';
  if (!/\.(\w+)$/.test(name) || /\.(md|txt|snap|json|ya?ml|lock)$/i.test(name)) return false;
  return (
    parts.some((folder) => /^(tests?|__tests__|specs?)$/i.test(folder)) ||
    /(^|[._-])(test|spec)s?([._-]|$)/i.test(name.replace(/\.\w+$/, '')) ||
    /[a-z\d](Tests?|Spec)\.\w+$/.test(name)
  );
}
