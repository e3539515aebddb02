/** Is a trigger with this `workspace` for the folder? Imports nothing: activation asks. */
export function isFor(workspace: unknown, folder: string, home: string): boolean {
  if (typeof workspace !== 'string' || workspace.trim() === '') return false;
  const named = workspace.trim().replace(/^~(?=$|[/\\])/, () => home);
  return plain(named) === plain(folder);
}

function plain(path: string): string {
  const slashed = path.replaceAll('\\', '/').replace(/(?<=.)\/+$/, '');
  return /^[A-Z]:/i.test(slashed) ? slashed.toLowerCase() : slashed;
}
