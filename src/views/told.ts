import * as vscode from 'vscode';
import { inWords } from '../workflow/errors.ts';
import type { Language } from '../workflow/words/language.ts';
import { Teller } from '../workflow/words/tell.ts';

let teller: Teller | undefined;

/** What the engine wrote, in English, in the editor's language where the bundle has those words. */
export function told(text: string): string {
  teller ??= new Teller(vscode.l10n.bundle ?? {});
  return teller.tell(text);
}

/** What went wrong and what to do, in the editor's language. */
export function toldError(error: { readonly message: string; readonly hint?: string | undefined }): string {
  return told(inWords(error));
}

/** For documents that are made here and read here. Their texts are collected where they are asked for. */
export const ownLanguage: Language = {
  t: (message, ...values) => {
    const { t } = vscode.l10n;
    return t(message, ...values);
  },
  told,
};
