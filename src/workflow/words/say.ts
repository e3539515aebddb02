/**
 * A text of the engine for people, in English: the log keeps it, and the command line and the API show it as it is.
 * What varies stands in `${…}` with words around it. `npm run l10n` collects these texts as `{0} failed: {1}`, and
 * hosts with another language say them in that, see tell.ts. So the English is their name: reworded, old logs stay
 * English in other languages until somebody keeps both.
 */
export function say(words: TemplateStringsArray, ...values: readonly (string | number)[]): string {
  return String.raw({ raw: words }, ...values);
}
