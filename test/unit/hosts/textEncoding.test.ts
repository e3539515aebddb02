import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import fc from 'fast-check';
import {
  decodeText,
  type EncodingHints,
  encodeText,
  encodingOfNew,
  loadTables,
  reencodeText,
} from '../../../src/hosts/node/textEncoding.ts';

const hex = (bytes: string) => Buffer.from(bytes.replaceAll(' ', ''), 'hex');
const read = (bytes: Buffer, hints?: EncodingHints) => decodeText(bytes, 'a.txt', hints);
const failsWith = (code: string, message: RegExp) => (error: { code?: string; message: string; hint?: string }) => {
  assert.equal(error.code, code);
  assert.match(`${error.message} ${error.hint ?? ''}`, message);
  return true;
};

before(loadTables);

describe('the encoding of a file', () => {
  const cases: readonly (readonly [
    what: string,
    bytes: string,
    hints: EncodingHints,
    text: string,
    encoding: string,
    bom: boolean,
  ])[] = [
    ['UTF-8', 'c3a9 0a', {}, 'é\n', 'utf8', false],
    ['UTF-8 with a mark', 'efbbbf c3a9', {}, 'é', 'utf8', true],
    ['UTF-16 LE with a mark', 'fffe e900 e565', {}, 'é日', 'utf16le', true],
    ['UTF-16 BE with a mark', 'feff 00e9 65e5', {}, 'é日', 'utf16be', true],
    ['UTF-16 LE by its zeros', '6100 e900', {}, 'aé', 'utf16le', false],
    ['UTF-16 BE by its zeros', '0061 00e9', {}, 'aé', 'utf16be', false],
    ['Windows 1252 where that is configured', 'e9 80', { configured: 'windows1252' }, 'é€', 'windows1252', false],
    ['Shift JIS where that is configured', '93fa 83 5c', { configured: 'shiftjis' }, '日ソ', 'shiftjis', false],
    ['UTF-8 although another one is configured', 'c3a9', { configured: 'windows1252' }, 'é', 'utf8', false],
    ['what an editor has chosen', 'c3a9', { chosen: 'windows1252' }, 'Ã©', 'windows1252', false],
    ['a mark although an editor has chosen', 'efbbbf 61', { chosen: 'windows1252' }, 'a', 'utf8', true],
    ['the configured one for plain ASCII', '61', { configured: 'windows1252' }, 'a', 'windows1252', false],
    ['UTF-8 for plain ASCII where UTF-16 is configured', '6162', { configured: 'utf16le' }, 'ab', 'utf8', false],
    ['UTF-16 without a mark or zeros, configured', 'e565 0a00', { configured: 'utf16le' }, '日\n', 'utf16le', false],
    ['nothing', '', {}, '', 'utf8', false],
    ['UTF-8 for a name nobody knows', '61', { configured: 'klingon' }, 'a', 'utf8', false],
  ];
  for (const [what, bytes, hints, text, encoding, bom] of cases) {
    it(`is ${what}`, () => {
      const decoded = read(hex(bytes), hints);
      assert.deepEqual(decoded, { text, encoding, bom, canonical: true });
      assert.deepEqual(encodeText(text, decoded, 'a.txt'), hex(bytes));
    });
  }

  it('takes only a mark at the very start for one', () => {
    assert.equal(read(Buffer.from('a\uFEFFb')).text, 'a\uFEFFb');
    assert.equal(read(Buffer.from('\uFEFF\uFEFFb')).text, '\uFEFFb');
    assert.equal(read(Buffer.from('\uFEFF\uFEFFb', 'utf16le')).text, '\uFEFFb');
  });

  it('says what to set when nobody has named the encoding', () => {
    assert.throws(() => read(hex('e9')), failsWith('ENCODING', /a\.txt is not utf8 text.*files\.encoding/));
    assert.throws(() => read(hex('81'), { configured: 'windows1252' }), failsWith('ENCODING', /not windows1252 text/));
    assert.throws(() => read(hex('93'), { configured: 'shiftjis' }), failsWith('ENCODING', /not shiftjis text/));
    assert.throws(() => read(hex('e9'), { chosen: 'utf8' }), failsWith('ENCODING', /Reopen with Encoding/));
    assert.throws(() => read(hex('fffe 61')), failsWith('ENCODING', /not utf16le text/));
    assert.throws(() => read(hex('fffe 00d8 6100')), failsWith('ENCODING', /not utf16le text/));
  });

  it('does not take bytes for text', () => {
    for (const bytes of ['000102', '89 00 01', '61 00 00 62', '6162 00', '00'])
      assert.throws(() => read(hex(bytes), { configured: 'windows1252' }), failsWith('BINARY', /not text/), bytes);
  });

  it('is the configured one for a new file, with the mark VS Code gives it', () => {
    assert.deepEqual(encodeText('é', encodingOfNew('utf8'), ''), hex('c3a9'));
    assert.deepEqual(encodeText('é', encodingOfNew('utf8bom'), ''), hex('efbbbf c3a9'));
    assert.deepEqual(encodeText('é', encodingOfNew('utf16le'), ''), hex('fffe e900'));
    assert.deepEqual(encodeText('é', encodingOfNew('utf16be'), ''), hex('feff 00e9'));
    assert.deepEqual(encodeText('é', encodingOfNew('windows1252'), ''), hex('e9'));
  });
});

describe('writing a text in its encoding', () => {
  it('names the character that cannot be written, and its line', () => {
    const latin = { encoding: 'windows1252', bom: false };
    assert.throws(() => encodeText('é\n?日\n', latin, 'a.txt'), failsWith('ENCODING', /“日” \(U\+65E5, line 2\)/));
    assert.throws(() => encodeText('😀', latin, 'a.txt'), failsWith('ENCODING', /“😀” \(U\+1F600, line 1\)/));
    assert.throws(
      () => encodeText('é', { encoding: 'shiftjis', bom: false }, 'a.txt'),
      failsWith('ENCODING', /U\+00E9/),
    );
    assert.throws(() => encodeText('a\uD800', { encoding: 'utf8', bom: false }, 'a'), failsWith('ENCODING', /U\+D800/));
  });

  it('keeps the bytes of lines that are as before, where a character has several', () => {
    // ≒ is 81e0 and, from another vendor's table, 8790; 髙 is fbfc and eee0.
    const bytes = Buffer.concat([hex('8790 0d0a'), Buffer.from('two\n'), hex('eee0')]);
    const decoded = read(bytes, { configured: 'shiftjis' });
    assert.deepEqual(decoded, { text: '≒\r\ntwo\n髙', encoding: 'shiftjis', bom: false, canonical: false });
    assert.deepEqual(reencodeText(decoded.text, bytes, decoded, 'a.txt'), bytes);
    assert.deepEqual(
      reencodeText('≒\r\n二\n髙', bytes, decoded, 'a.txt'),
      Buffer.concat([hex('8790 0d0a 93f1 0a'), hex('eee0')]),
    );
    assert.deepEqual(
      reencodeText('≒\ntwo\n髙', bytes, decoded, 'a.txt'),
      Buffer.concat([hex('81e0 0a'), Buffer.from('two\n'), hex('eee0')]),
    );
  });

  it('keeps characters that the encoding gives out but does not take, and names only new ones', () => {
    const bytes = hex('f040 0a 61');
    const decoded = read(bytes, { configured: 'shiftjis' });
    assert.deepEqual(reencodeText('\uE000\nb', bytes, decoded, 'a.txt'), hex('f040 0a 62'));
    assert.throws(() => reencodeText('\uE000\né', bytes, decoded, 'a.txt'), failsWith('ENCODING', /U\+00E9, line 2/));
  });

  it('gives back the very bytes, whatever they are, or refuses them', () => {
    const encodings = [
      'utf8',
      'windows1252',
      'shiftjis',
      'gb18030',
      'eucjp',
      'big5hkscs',
      'koi8r',
      'utf16le',
      'utf16be',
    ];
    const someBytes = fc.oneof(
      fc.uint8Array({ maxLength: 24 }),
      fc.array(fc.constantFrom(0x61, 0x0a, 0x0d, 0x87, 0x90, 0xee, 0xe0, 0x81, 0x5c), { maxLength: 24 }),
    );
    let readable = 0;
    fc.assert(
      fc.property(someBytes, fc.constantFrom(...encodings), (array, configured) => {
        const bytes = Buffer.from(array);
        let decoded: ReturnType<typeof decodeText>;
        try {
          decoded = read(bytes, { configured });
        } catch {
          return;
        }
        readable++;
        assert.deepEqual(reencodeText(decoded.text, bytes, decoded, 'a.txt'), bytes);
        const longer = reencodeText(`x\n${decoded.text}`, bytes, decoded, 'a.txt');
        const body = bytes.subarray(decoded.bom ? (decoded.encoding === 'utf8' ? 3 : 2) : 0);
        assert.ok(longer.subarray(longer.length - body.length).equals(body));
      }),
      { numRuns: 2000 },
    );
    assert.ok(readable > 200, `${readable} readable`);
  });
});
