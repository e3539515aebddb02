import { createInterface, type Interface } from 'node:readline';
import { styleText } from 'node:util';
import { exitCodes } from './exitCodes.ts';

type Format = Parameters<typeof styleText>[0];

/**
 * The three streams. Results go to standard output; everything else to standard error, questions too, so that
 * a redirected output holds nothing but the result.
 */
export class Terminal {
  /** True when there is somebody to ask. */
  readonly interactive = process.stdin.isTTY === true && process.stderr.isTTY === true;
  /** True when a line can be drawn over. */
  readonly live = process.stderr.isTTY === true && process.env.TERM !== 'dumb';
  #reader: Interface | undefined;
  readonly #lines: string[] = [];
  #ended = false;
  #take: ((line: string | null) => void) | undefined;
  #liveLine = '';
  /** Said while a question stands; shown once it is answered. */
  readonly #held: string[] = [];

  get columns(): number {
    return Math.max(20, process.stderr.columns || 80);
  }

  /** A result. */
  print(text: string): void {
    this.#clear();
    process.stdout.write(`${text}\n`, (error) => {
      if (error) outputLost(error);
    });
    this.#draw();
  }

  /** Something said beside the results. The text must be harmless already. */
  note(text: string): void {
    if (this.#take) {
      this.#held.push(text);
      return;
    }
    this.#clear();
    process.stderr.write(`${text}\n`);
    this.#draw();
  }

  /** The last line of the terminal, drawn over by the next one; '' takes it away. */
  liveLine(text: string): void {
    if (!this.live || this.#take) return;
    this.#clear();
    this.#liveLine = text;
    this.#draw();
  }

  /** With the format where the terminal shows colours and NO_COLOR does not forbid them. */
  style(format: Format, text: string): string {
    return styleText(format, text, { stream: process.stderr });
  }

  /**
   * Asks for a line. Null at the end of input and when `signal` aborts.
   * @param fresh what was typed before the question is not its answer
   */
  ask(question: string, signal: AbortSignal, { fresh = false } = {}): Promise<string | null> {
    if (signal.aborted || this.#ended) return Promise.resolve(null);
    this.liveLine('');
    this.#open();
    if (fresh) this.#lines.length = 0;
    process.stderr.write(question);
    const typed = this.#lines.shift();
    if (typed !== undefined) return Promise.resolve(typed);
    return new Promise((resolve) => {
      const done = (line: string | null) => {
        signal.removeEventListener('abort', abort);
        this.#take = undefined;
        for (const text of this.#held.splice(0)) this.note(text);
        resolve(line);
      };
      const abort = () => {
        process.stderr.write('\n');
        done(null);
      };
      signal.addEventListener('abort', abort);
      this.#take = done;
    });
  }

  /** While another program has the terminal. */
  async without<T>(work: () => Promise<T>): Promise<T> {
    this.liveLine('');
    this.#reader?.pause();
    try {
      return await work();
    } finally {
      this.#reader?.resume();
    }
  }

  close(): void {
    this.liveLine('');
    this.#reader?.close();
  }

  /** Lines as the terminal itself edits them: no raw mode, so that Ctrl-C stays a signal. */
  #open(): void {
    if (this.#reader) return;
    this.#reader = createInterface({ input: process.stdin, terminal: false });
    this.#reader.on('line', (line) => {
      if (this.#take) this.#take(line);
      else this.#lines.push(line);
    });
    this.#reader.on('close', () => {
      this.#ended = true;
      this.#take?.(null);
    });
  }

  #clear(): void {
    if (this.#liveLine !== '') process.stderr.write('\r\x1b[2K');
  }

  #draw(): void {
    if (this.#liveLine !== '') process.stderr.write(this.#liveLine);
  }
}

/** Ends the process: its results reach nobody. A reader that has gone, as `head` does, wants no word about it. */
export function outputLost(error: NodeJS.ErrnoException): never {
  if (error.code !== 'EPIPE') process.stderr.write(`The results cannot be written: ${error.message}\n`);
  process.exit(exitCodes.failed);
}
