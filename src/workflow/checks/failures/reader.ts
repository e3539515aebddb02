/** Reads one runner's output, line by line, for the tests that failed. */
export interface FailureReader {
  line(text: string): void;
  names(): readonly string[];
}

/** A reader for a runner that names each failing test in a line of its own, which `nameIn` finds. */
export function lineReader(nameIn: (text: string) => string | undefined): FailureReader {
  const names: string[] = [];
  return {
    line(text) {
      const name = nameIn(text);
      if (name !== undefined && !names.includes(name)) names.push(name);
    },
    names: () => names,
  };
}
