import type { Asked } from './asked.ts';
import type { TriggerOf } from './definition.ts';
import { asText, causeText, fillInput } from './fill.ts';
import { valueAt } from './pointer.ts';

const defaultTemplate = { request: '{{title}}\n\n{{body}}' };

/**
 * What an “issues” event with the action “labeled” asks for, see
 * https://docs.github.com/en/webhooks/webhook-events-and-payloads#issues. Every other event asks for nothing.
 */
export function githubRequest(trigger: TriggerOf<'webhook'>, event: string, body: unknown): Asked {
  const at = (pointer: string) => asText(valueAt(body, pointer));
  if (event === 'ping') return { ignored: 'GitHub’s ping: the secret fits' };
  if (event !== 'issues' || at('/action') !== 'labeled')
    return { ignored: 'only a label put on an issue starts a run' };
  const [repository, label] = [at('/repository/full_name'), at('/label/name')];
  if (trigger.repository !== undefined && repository.toLowerCase() !== trigger.repository.toLowerCase()) {
    return { ignored: `it is for ${trigger.repository} only` };
  }
  if (label !== trigger.label) return { ignored: `only the label “${trigger.label}” starts a run` };
  if (valueAt(body, '/issue/pull_request') !== undefined) return { ignored: 'it is a pull request, not an issue' };
  const [number, title] = [at('/issue/number'), at('/issue/title')];
  const facts = { repository, label, number, title, body: at('/issue/body'), url: at('/issue/html_url') };
  return {
    input: fillInput(trigger.input ?? defaultTemplate, facts, body),
    cause: causeText(`issue #${number} “${title}” of ${repository} got the label ${label}`),
  };
}
