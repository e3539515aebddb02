/**
 * Whether a test command says that it ran no test at all. It ends well then, and shows nothing: a runner that does not
 * know the files' ending, or looks in another folder; a makefile whose target is not .PHONY, beside a folder of its name.
 */
export function ranNoTests(output: string): boolean {
  if (/^(?:#|ℹ) tests 0$/m.test(output)) return true;
  if (/^make: (?:['`][^']+' is up to date|Nothing to be done for ['`][^']+')\.$/m.test(output)) return true;
  return /^(?:=+ )?no tests ran\b|^No test files found|^No tests found|^collected 0 items$/m.test(output);
}
