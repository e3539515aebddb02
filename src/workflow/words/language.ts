/** How documents for people are worded. The command line and the API have {@link english}; an editor has its own. */
export interface Language {
  /** A text in this language; `{0}` is the first value. */
  readonly t: (message: string, ...values: readonly (string | number)[]) => string;
  /** What the engine wrote into the log, in English. */
  readonly told: (text: string) => string;
}

export const english: Language = {
  t: (message, ...values) =>
    message.replace(/\{(\d+)\}/g, (whole, index: string) => String(values[Number(index)] ?? whole)),
  told: (text) => text,
};
