/** The first Node with node:sqlite and without a flag for it. */
const least = [22, 13] as const;

/**
 * Why this Node cannot run the command line; undefined when it can.
 * @param version as in `process.versions.node`: '22.13.0'
 */
export function nodeProblem(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > least[0] || (major === least[0] && minor >= least[1])) return undefined;
  return `planwright needs Node ${least.join('.')} or newer, which has the SQLite it keeps its runs in; this is Node ${version}.\nInstall a newer one, or put it first in PATH, and run again.`;
}
