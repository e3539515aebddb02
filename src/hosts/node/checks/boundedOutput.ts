import { StringDecoder } from 'node:string_decoder';

/** Kept of the beginning and of the end of an output, in bytes. */
const HEAD = 32 * 1024;
const TAIL = 64 * 1024;
/** A line of more characters is not handed on. */
const MAX_LINE = 16 * 1024;

/** The beginning and the end of what a process prints, in bounded memory. */
export class BoundedOutput {
  /** Bytes printed so far. */
  size = 0;
  readonly #head: Buffer[] = [];
  #headSize = 0;
  #tail: Buffer[] = [];
  #tailSize = 0;

  push(chunk: Buffer): void {
    this.size += chunk.length;
    const head = chunk.subarray(0, HEAD - this.#headSize);
    if (head.length > 0) this.#head.push(head);
    this.#headSize += head.length;
    const rest = chunk.subarray(head.length);
    if (rest.length === 0) return;
    this.#tail.push(rest);
    this.#tailSize += rest.length;
    // Joined now and then only, so that many small writes cost no more than a few large ones.
    if (this.#tailSize > 4 * TAIL || this.#tail.length > 4096) {
      this.#tail = [Buffer.concat(this.#tail).subarray(-TAIL)];
      this.#tailSize = this.#tail[0]?.length ?? 0;
    }
  }

  text(): string {
    const tail = Buffer.concat(this.#tail).subarray(-TAIL);
    const left = this.size - this.#headSize - tail.length;
    const head = Buffer.concat(this.#head);
    if (left === 0) return Buffer.concat([head, tail]).toString('utf8');
    const start = head.toString('utf8').replace(/\uFFFD$/, '');
    const end = tail.toString('utf8').replace(/^\uFFFD+/, '');
    return `${start}\n… ${left} bytes left out\n${end}`;
  }
}

/** Hands on a stream's lines, without their ends. Lines that are too long are skipped, and never held. */
export class LineSplitter {
  readonly #decoder = new StringDecoder('utf8');
  readonly #onLine: (line: string) => void;
  #open = '';
  #tooLong = false;

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  push(chunk: Buffer): void {
    const parts = this.#decoder.write(chunk).split('\n');
    const last = parts.pop() ?? '';
    for (const part of parts) {
      this.#add(part);
      this.end();
    }
    this.#add(last);
  }

  end(): void {
    if (!this.#tooLong && this.#open !== '') {
      this.#onLine(this.#open.endsWith('\r') ? this.#open.slice(0, -1) : this.#open);
    }
    this.#open = '';
    this.#tooLong = false;
  }

  #add(text: string): void {
    if (this.#tooLong) return;
    this.#open += text;
    if (this.#open.length > MAX_LINE) {
      this.#tooLong = true;
      this.#open = '';
    }
  }
}
