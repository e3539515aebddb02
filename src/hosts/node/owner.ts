import type { Owner } from '../../workflow/edits/proposalBook.ts';

/** This process, as others on the same machine can find out about it. */
export function processOwner(): Owner {
  return { id: String(process.pid), isAlive };
}

function isAlive(id: string): boolean {
  try {
    process.kill(Number(id), 0);
    return true;
  } catch (error) {
    // It is there, and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
