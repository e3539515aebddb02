import { deleteCell } from './deleteCell.ts';
import { deleteFile } from './deleteFile.ts';
import { editCell } from './editCell.ts';
import { editFile } from './editFile.ts';
import { editFileParts } from './editFileParts.ts';
import type { EditBox } from './editTool.ts';
import { insertCell } from './insertCell.ts';
import { moveDirectory } from './moveDirectory.ts';
import { readOnlyTools } from './readOnly.ts';
import { renameFile } from './renameFile.ts';
import { type CheckBench, runCheck } from './runCheck.ts';
import { writeFile } from './writeFile.ts';

/** The implementer's tools: everything it can look at, changes to its overlay, and checks of them. */
export function editingTools(box: EditBox, bench: CheckBench) {
  return {
    ...readOnlyTools(box),
    edit_file: editFile(box),
    edit_file_parts: editFileParts(box),
    write_file: writeFile(box),
    delete_file: deleteFile(box),
    rename_file: renameFile(box),
    move_directory: moveDirectory(box),
    edit_cell: editCell(box),
    insert_cell: insertCell(box),
    delete_cell: deleteCell(box),
    run_check: runCheck(box, bench),
  };
}
