/**
 * What is missing, when a command ended because a tool is not installed rather than because the code is wrong;
 * undefined when that is not so.
 * @param output the end of what it printed
 */
export function missingTool(exitCode: number | null, output: string): string | undefined {
  for (const { exitCodes, pattern } of signs) {
    if (exitCode === null || (exitCodes && !exitCodes.includes(exitCode))) continue;
    const name = pattern
      .exec(output)
      ?.slice(1)
      .find((part) => part !== undefined);
    if (name !== undefined) return name;
  }
  return undefined;
}

const signs: readonly { readonly exitCodes?: readonly number[]; readonly pattern: RegExp }[] = [
  // What shells say, started by npm, make and others; make turns 127 into 2.
  {
    exitCodes: [127],
    pattern: /(?:^|\n)(?:\S*\/)?(?:sh|bash|dash|ash|pyenv): (?:line )?(?:\d+: )?([^\s:]+): (?:command )?not found/,
  },
  { exitCodes: [127], pattern: /command not found: (\S+)/ },
  { exitCodes: [2], pattern: /\nmake: ([^\s:]+): No such file or directory/ },
  { exitCodes: [1], pattern: /'([^'\n]+)' is not recognized as an internal or external command/ },
  // `python -m NAME`: the interpreter itself speaks, so its own path begins the line.
  { exitCodes: [1], pattern: /^\S*python[\d.]*(?:\.exe)?: No module named (\S+)\s*$/ },
  { exitCodes: [101], pattern: /error: no such command: `([^`]+)`/ },
  { exitCodes: [1], pattern: /error: '(cargo-\w+|rustfmt)(?:\.exe)?' is not installed for the toolchain/ },
  // `npx --no NAME`
  { exitCodes: [1], pattern: /npx canceled due to missing packages and no YES option: \["([^"@]+)/ },
  { exitCodes: [1], pattern: /ERR_PNPM_RECURSIVE_EXEC_FIRST_FAIL.*Command "([^"]+)" not found/ },
];
