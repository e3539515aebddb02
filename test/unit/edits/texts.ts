import fc from 'fast-check';

/** Texts as files have them: both line ends, also mixed, with and without a last one, and characters of two units. */
export const anyText = fc
  .array(fc.tuple(fc.constantFrom('a', 'b', 'c', '', '  x', '\tx', '😀', 'é'), fc.constantFrom('\n', '\n', '\r\n')), {
    maxLength: 14,
  })
  .chain((lines) => {
    const text = lines.map(([line, eol]) => line + eol).join('');
    return fc.boolean().map((cut) => (cut ? text.replace(/\r?\n$/, '') : text));
  });
