import type { LanguageModelV4 } from '@ai-sdk/provider';
import type { CheckCommand, Checks, FileStates } from './checks/checks.ts';
import type { AgentName } from './engine/events.ts';
import type { Input } from './schemas.ts';

/**
 * What the workflow needs from outside. Hosts wire these to real things; tests wire them to real files
 * and a scripted model.
 */

/** Time and chance, so that tests can run a long run in a moment. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms`; rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** 0 ≤ x < 1. */
  random(): number;
}

/** A file as an editor would show it: decoded, without a byte order mark, with its own line ends. */
export interface FileSnapshot {
  readonly path: string;
  readonly text: string;
  /** SHA-256 of `text` as UTF-8, in hex. */
  readonly hash: string;
  readonly readOnly: boolean;
  /** True when an editor holds changes that are not saved. */
  readonly dirty: boolean;
}

/**
 * One change of one file. `expectedHash` is what the file must still be, else nothing is written and
 * DRIFT is thrown. A `rename` moves `from` to `path` and leaves it with `text`.
 */
export type FileChange =
  | { readonly action: 'create'; readonly path: string; readonly text: string }
  | { readonly action: 'modify'; readonly path: string; readonly text: string; readonly expectedHash: string }
  | { readonly action: 'delete'; readonly path: string; readonly expectedHash: string }
  | {
      readonly action: 'rename';
      readonly path: string;
      readonly from: string;
      readonly text: string;
      readonly expectedHash: string;
    };

export interface OutlineSymbol {
  readonly name: string;
  readonly kind: string;
  /** From 1. */
  readonly line: number;
}

export interface Diagnostic {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
}

/** What an editor's language services said of files. */
export interface FoundProblems {
  /** In the order of the paths asked about. Notes and hints are left out. */
  readonly problems: readonly Diagnostic[];
  /** Of how many files a language service should speak, and of how many one has spoken, be it that all is well. */
  readonly asked: number;
  readonly answered: number;
  /** Why that may not be all, as a sentence. */
  readonly cut?: string;
}

/** An editor's language services, over files as they might be. */
export interface EditorProblems {
  /**
   * The problems of the files at `paths`, in a copy of the workspace with `files` in place of its own. A path without a
   * file has none. Nothing stays open in the editor.
   * @throws PlanwrightError CANCELLED | OUTSIDE_WORKSPACE | DENIED_PATH | TOO_LARGE | STORAGE
   */
  find(paths: readonly string[], files: FileStates, signal: AbortSignal): Promise<FoundProblems>;
}

/** The developer's files. Paths are relative to the root, with forward slashes. */
export interface Workspace {
  readonly name: string;
  /** Every file that is not ignored (.gitignore, files.exclude) nor on the deny list, sorted. */
  listFiles(): Promise<readonly string[]>;
  /**
   * Paths of files that may contain the text, whatever the case; every file that does contain it is among them.
   * Null when that is not known any quicker than by reading every file.
   * @param text one line of it
   */
  filesContaining(text: string): Promise<ReadonlySet<string> | null>;
  /**
   * The file, unsaved changes included; null when there is none.
   * @throws PlanwrightError OUTSIDE_WORKSPACE | DENIED_PATH | BINARY | ENCODING | TOO_LARGE
   */
  read(path: string): Promise<FileSnapshot | null>;
  /**
   * Changes one file, if it still is what `change` expects.
   * @throws PlanwrightError DRIFT | READ_ONLY | ENCODING | INVALID_INPUT | OUTSIDE_WORKSPACE | DENIED_PATH
   */
  apply(change: FileChange): Promise<void>;
  /** Removes what an {@link apply} of this change has left behind that was interrupted. */
  cleanUp(change: FileChange): Promise<void>;
  outline(path: string): Promise<readonly OutlineSymbol[]>;
  diagnostics(path?: string): Promise<readonly Diagnostic[]>;
  /** One line a commit, newest first; empty without git. */
  gitLog(path: string | undefined, limit: number): Promise<readonly string[]>;
}

/** The models, one an agent. */
export interface Models {
  /** What to show for all of them, as 'openai:gpt-5'. */
  readonly label: string;
  /** @throws PlanwrightError NO_MODEL | NO_KEY */
  for(agent: AgentName): Promise<LanguageModelV4>;
}

/** What earlier runs in this workspace taught. */
export interface Learned {
  /** The entries that fit a request, best first. */
  relevantTo(input: Input): Promise<readonly string[]>;
  /** Adds what this run teaches. */
  learnFrom(runId: string): Promise<void>;
}

/** The workspace's own checks, and which of them its developer allows to run. */
export interface AllowedChecks {
  /** Why no command of this workspace may run now; null where those allowed may. */
  refusal(): string | null;
  /** Made when it is first needed. */
  checks(): Promise<Checks>;
  /** The names chosen earlier among just these commands; null when nobody was asked about them yet. */
  remembered(found: readonly CheckCommand[]): Promise<readonly string[] | null>;
  /** Keeps what was chosen, for this and later runs. */
  remember(found: readonly CheckCommand[], names: readonly string[]): Promise<void>;
}

/** The working tree as it was at one moment, kept beside the developer's branches. */
export interface Checkpoint {
  /** From 1 within a run. */
  readonly id: number;
  readonly ref: string;
  readonly commit: string;
  readonly reason: string;
}

/** Version control, where there is some. */
export interface Checkpoints {
  /** Why no checkpoint can be made here, as a sentence; null when one can. */
  unavailable(): Promise<string | null>;
  /** Null where there is no version control. @throws PlanwrightError STORAGE */
  make(runId: string, reason: string): Promise<Checkpoint | null>;
  forget(runId: string): Promise<void>;
}

/** Commits on the developer's own branch. */
export interface Commits {
  /**
   * Commits these files as they are on disk, and nothing else that is staged.
   * @returns the commit; null when there is nothing to commit, or no version control
   * @throws PlanwrightError CONFLICT when it is refused or does not end | CANCELLED; none of its processes is left then
   */
  commit(paths: readonly string[], message: string, signal: AbortSignal): Promise<string | null>;
  /** False without version control. @throws PlanwrightError as {@link commit} */
  startBranch(name: string, runId: string, signal: AbortSignal): Promise<boolean>;
}
