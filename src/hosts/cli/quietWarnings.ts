/** Node says of its SQLite that it is experimental, on each start; nobody who runs a command can use that. */
export function quietSqliteWarning(): void {
  const emit = process.emitWarning.bind(process) as (...args: unknown[]) => void;
  process.emitWarning = ((...args: unknown[]) => {
    if (!String(args[0]).startsWith('SQLite is an experimental feature')) emit(...args);
  }) as typeof process.emitWarning;
}
