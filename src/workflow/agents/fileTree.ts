/** A folder with all that is below it. */
interface Folder {
  readonly path: string;
  readonly folders: Map<string, Folder>;
  readonly files: string[];
  /** Files in it and below. */
  count: number;
  /** Those files by ending. */
  readonly endings: Map<string, number>;
}

/**
 * The files as an indented tree of at most `maxLines` lines. Where all of them do not fit, folders stay closed and say
 * how many files of which kinds they hold; those near the root are opened first, small ones before large ones.
 * @param paths relative, with forward slashes
 */
export function fileTree(paths: readonly string[], maxLines: number): string {
  const root = build(paths);
  const open = new Set<Folder>();
  let lines = 0;
  const waiting = [root];
  for (let folder = next(waiting); folder; folder = next(waiting)) {
    const size = folder.folders.size + folder.files.length;
    if (lines + size > maxLines && folder !== root) continue;
    open.add(folder);
    lines += size;
    waiting.push(...folder.folders.values());
  }
  return render(root, open, '', maxLines)
    .slice(0, maxLines + 1)
    .join('\n');
}

/** “ts 120, md 8”: the commonest endings of the files, at most `most` of them. */
export function endingsOf(paths: readonly string[], most = 8): string {
  return commonest(build(paths).endings, most);
}

/** Takes out the one to open next. */
function next(waiting: Folder[]): Folder | undefined {
  const rank = (folder: Folder) => folder.path.split('/').length * 1e6 + folder.folders.size + folder.files.length;
  waiting.sort((a, b) => rank(b) - rank(a));
  return waiting.pop();
}

function build(paths: readonly string[]): Folder {
  const root = emptyFolder('');
  for (const path of paths) {
    const parts = path.split('/');
    const name = parts.pop() ?? '';
    const ending = /[^.]\.([^.]+)$/.exec(name)?.[1] ?? 'no ending';
    let folder = root;
    count(folder, ending);
    for (const part of parts) {
      const inner = folder.folders.get(part) ?? emptyFolder(`${folder.path}${part}/`);
      folder.folders.set(part, inner);
      folder = inner;
      count(folder, ending);
    }
    folder.files.push(name);
  }
  return root;
}

function emptyFolder(path: string): Folder {
  return { path, folders: new Map(), files: [], count: 0, endings: new Map() };
}

function count(folder: Folder, ending: string): void {
  folder.count += 1;
  folder.endings.set(ending, (folder.endings.get(ending) ?? 0) + 1);
}

/** Stops a little after `maxLines`: a root with more entries than that is cut. */
function render(folder: Folder, open: ReadonlySet<Folder>, indent: string, maxLines: number): string[] {
  const lines: string[] = [];
  for (const [name, inner] of folder.folders) {
    if (lines.length >= maxLines) break;
    if (open.has(inner)) lines.push(`${indent}${name}/`, ...render(inner, open, `${indent}  `, maxLines));
    else lines.push(`${indent}${name}/ … ${inner.count} files (${commonest(inner.endings, 3)})`);
  }
  lines.push(...folder.files.slice(0, maxLines).map((name) => indent + name));
  const hidden = folder.folders.size + folder.files.length - maxLines;
  return hidden > 0 ? [...lines.slice(0, maxLines), `${indent}… ${hidden} more (use list_files)`] : lines;
}

function commonest(endings: ReadonlyMap<string, number>, most: number): string {
  const sorted = [...endings].sort(([a, x], [b, y]) => y - x || a.localeCompare(b));
  const rest = sorted.slice(most).reduce((sum, [, n]) => sum + n, 0);
  return [...sorted.slice(0, most).map(([ending, n]) => `${ending} ${n}`), ...(rest > 0 ? [`other ${rest}`] : [])].join(
    ', ',
  );
}
