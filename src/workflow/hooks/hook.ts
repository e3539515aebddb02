import { z } from 'zod';
import type { RunEvent } from '../engine/events.ts';
import { fieldIssues, usedTwice } from '../triggers/definition.ts';
import { forPeople } from '../words/issues.ts';
import { say } from '../words/say.ts';

/** An outbound hook as settings and files define it: which events of runs are told where. Its secret is kept elsewhere. */

/** Told when a hook names none. */
const usual = [
  'workflow.started',
  'phase.completed',
  'gate.opened',
  'workflow.completed',
  'workflow.failed',
  'workflow.cancelled',
];

/** Every event that may be told. Others, as what an agent does, are too many or too talkative. */
export const hookEvents = [
  ...usual,
  'workflow.paused',
  'workflow.resumed',
  'workflow.restarted',
  'phase.started',
  'gate.decided',
  'review.completed',
  'task.started',
  'task.completed',
  'task.failed',
  'hunk.decided',
] as RunEvent['type'][];

export const hookSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, say`use lower-case letters, digits and hyphens, at most 64`),
  enabled: z.boolean().default(true),
  url: z.string().max(2000).refine(isAllowedUrl, say`use https, or http to this machine, without a user name`),
  events: z
    .array(
      z
        .string()
        .refine(
          (name) => eventsOf([name]).length > 0,
          say`it is no event that can be told: ${hookEvents.join(', ')}, or a part of them as "task.*"`,
        ),
    )
    .min(1)
    .default(usual),
  /** Whether the words of the request are told too. */
  includeRequest: z.boolean().default(false),
});
export type Hook = z.infer<typeof hookSchema>;

/** @returns those that can be used, and what is wrong with the others */
export function readHooks(value: unknown): { readonly hooks: readonly Hook[]; readonly problems: readonly string[] } {
  if (value === undefined || value === null) return { hooks: [], problems: [] };
  if (!Array.isArray(value)) return { hooks: [], problems: [say`Hooks are a list: [{ "id": …, "url": … }].`] };
  const hooks: Hook[] = [];
  const problems: string[] = [];
  for (const [index, one] of value.entries()) {
    const checked = hookSchema.safeParse(one, forPeople);
    const name = typeof one?.id === 'string' ? `“${one.id.slice(0, 64)}”` : index + 1;
    const isTwice = checked.success && hooks.some(({ id }) => id === checked.data.id);
    const wrong = checked.success ? (isTwice ? [{ field: 'id', what: usedTwice }] : []) : fieldIssues(checked.error);
    problems.push(...wrong.map(({ field, what }) => say`Outbound hook ${name}: ${field}: ${what}.`));
    if (checked.success && !isTwice) hooks.push(checked.data);
  }
  return { hooks, problems };
}

/** The events that a list with `part.*` and `*` names. */
export function eventsOf(names: readonly string[]): RunEvent['type'][] {
  return hookEvents.filter((type) =>
    names.some((name) => name === '*' || name === type || (name.endsWith('.*') && type.startsWith(name.slice(0, -1)))),
  );
}

/** Over the network nobody may read along; on this machine there is no network. */
function isAllowedUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  if (username !== '' || password !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname));
}
