import * as vscode from 'vscode';

export const PROPOSAL_SCHEME = 'planwright-proposal';

/** Which proposal a document shows. */
export interface ProposalKey {
  readonly runId: string;
  readonly attempt: number;
  readonly proposalId: string;
}

/** The right side of a proposal's diff; it ends in the file's path, so that its language is known. */
export function proposalUri({ runId, attempt, proposalId }: ProposalKey, path: string): vscode.Uri {
  return vscode.Uri.from({ scheme: PROPOSAL_SCHEME, path: `/${runId}/${attempt}/${proposalId}/${path}` });
}

/** The left side of a file that does not exist yet. */
export function emptyUri(key: ProposalKey, path: string): vscode.Uri {
  return proposalUri(key, path).with({ query: 'empty' });
}

export function proposalKeyOf(uri: vscode.Uri): ProposalKey | undefined {
  if (uri.scheme !== PROPOSAL_SCHEME) return undefined;
  const [, runId, attempt, proposalId] = uri.path.split('/');
  if (!runId || !attempt || !proposalId) return undefined;
  return { runId, attempt: Number(attempt), proposalId };
}

export function isEmptySide(uri: vscode.Uri): boolean {
  return uri.query === 'empty';
}
