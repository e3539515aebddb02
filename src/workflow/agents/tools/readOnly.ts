import { diagnostics } from './diagnostics.ts';
import { gitLog } from './gitLog.ts';
import { listFiles } from './listFiles.ts';
import { outline } from './outline.ts';
import { readFile } from './readFile.ts';
import { readNotebook } from './readNotebook.ts';
import { searchText } from './searchText.ts';
import type { ToolBox } from './toolBox.ts';

/** The tools every agent has. None changes anything. */
export function readOnlyTools(box: ToolBox) {
  return {
    list_files: listFiles(box),
    search_text: searchText(box),
    read_file: readFile(box),
    read_notebook: readNotebook(box),
    outline: outline(box),
    diagnostics: diagnostics(box),
    git_log: gitLog(box),
  };
}
