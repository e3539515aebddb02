import { z } from 'zod';
import { forPeople, placeOf } from '../words/issues.ts';
import { say } from '../words/say.ts';
import { isPointer } from './pointer.ts';

/** A trigger as settings and files define it. Nothing in it is secret: secrets are kept elsewhere, under its id. */

const id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, say`use lower-case letters, digits and hyphens, at most 64`);
const text = z.string().trim().min(1);
const patterns = z
  .array(z.string().trim().min(1).max(500))
  .min(1, 'name at least one pattern, such as "src/**/*.ts"')
  .max(50);

/** What is asked for. `{{name}}` stands for a fact of what happened, `{{/pointer}}` for a value of a webhook's body. */
const inputTemplateSchema = z.strictObject({
  request: text.max(20_000),
  requirements: z.array(text).max(200).optional(),
  constraints: z.array(text).max(200).optional(),
});
export type InputTemplate = z.infer<typeof inputTemplateSchema>;

/** Requests of a list or a folder, in order, each once. */
const batchSchema = z
  .strictObject({
    /** A folder of the workspace with `.json` inputs and `.md` or `.txt` requests, taken by name. */
    folder: text.max(500).optional(),
    requests: z.array(inputTemplateSchema).min(1).max(1000).optional(),
    /** One at each tick, or at a tick all that are left, one after another. */
    pace: z.enum(['one-a-tick', 'one-after-another']).default('one-a-tick'),
  })
  .refine(({ folder, requests }) => (folder === undefined) !== (requests === undefined), {
    message: say`name a folder or list requests, one of the two`,
  });

const limitsSchema = z.strictObject({
  /** Runs it may cause within any hour, and any day. */
  perHour: z.int().min(1).max(60).default(6),
  perDay: z.int().min(1).max(500).default(24),
  /** Rest after each, in seconds. */
  coolDownSeconds: z.int().min(0).max(86_400).default(30),
  /** How many of its requests may wait while another run is not over; 0 skips them instead. */
  queue: z.int().min(0).max(20).default(3),
});
export type Limits = z.infer<typeof limitsSchema>;

const pointer = z
  .string()
  .max(500)
  .refine(isPointer, say`a JSON pointer begins with a slash, as "/issue/title" (RFC 6901)`);

const common = {
  id,
  enabled: z.boolean().default(true),
  /** The absolute path of the folder it is for; `~` is the home folder. */
  workspace: text.max(4096).optional(),
  /** Whether hunks are accepted with nobody there. Files that can run code ask in any case. */
  accept: z.enum(['ask', 'all']).default('ask'),
  limits: limitsSchema.prefault({}),
};

const manualSchema = z.strictObject({ ...common, kind: z.literal('manual'), input: inputTemplateSchema });

const webhookSchema = z
  .strictObject({
    ...common,
    kind: z.literal('webhook'),
    source: z.enum(['generic', 'github']).default('generic'),
    input: inputTemplateSchema.optional(),
    /** Where in the body the parts of the request are, instead of `input`. */
    map: z
      .strictObject({ request: pointer, requirements: pointer.optional(), constraints: pointer.optional() })
      .optional(),
    /** How old, or how far ahead, a signed time may be. */
    toleranceSeconds: z.int().min(1).max(3600).default(300),
    /** GitHub: the label that starts a run when an issue gets it. */
    label: text.max(100).optional(),
    /** GitHub: the only repository it is for, as "owner/name". */
    repository: z
      .string()
      .regex(/^[\w.-]+\/[\w.-]+$/, say`write it as "owner/name"`)
      .optional(),
  })
  .superRefine((trigger, context) => {
    const say = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message });
    if (trigger.source === 'github') {
      if (trigger.label === undefined) say('label', 'name the label that starts a run');
      if (trigger.map !== undefined) say('map', 'is for generic webhooks; use input with {{title}}, {{body}}, …');
      return;
    }
    if ((trigger.input === undefined) === (trigger.map === undefined))
      say('input', 'give input with {{/pointers}}, or map, one of the two');
    if (trigger.label !== undefined) say('label', 'is for "source": "github"');
    if (trigger.repository !== undefined) say('repository', 'is for "source": "github"');
  });

const scheduleSchema = z
  .strictObject({
    ...common,
    kind: z.literal('schedule'),
    /** Minute, hour, day of the month, month, day of the week. */
    cron: text.max(200),
    /** As "Europe/Berlin"; the machine's own when absent. */
    timeZone: text.max(100).refine(isTimeZone, say`it is not a time zone, such as "Europe/Berlin"`).optional(),
    input: inputTemplateSchema.optional(),
    batch: batchSchema.optional(),
  })
  .refine(({ input, batch }) => (input === undefined) !== (batch === undefined), {
    path: ['input'],
    message: say`give input or batch, one of the two`,
  });

const fileSavedSchema = z.strictObject({
  ...common,
  kind: z.literal('file-saved'),
  /** As in .gitignore; what a pattern with `!` matches is left out. */
  paths: patterns,
  input: inputTemplateSchema,
});

const branchSchema = z.strictObject({
  ...common,
  kind: z.literal('branch'),
  on: z
    .array(z.enum(['created', 'switched']))
    .min(1)
    .default(['created']),
  branches: patterns.optional(),
  input: inputTemplateSchema,
});

const diagnosticsSchema = z.strictObject({
  ...common,
  kind: z.literal('diagnostics'),
  paths: patterns,
  severity: z.enum(['error', 'warning']).default('error'),
  /** It fires when there are more than so many, once until there are no more than that again. */
  threshold: z.int().min(0).max(100_000).default(0),
  input: inputTemplateSchema,
});

const taskFailedSchema = z.strictObject({
  ...common,
  kind: z.literal('task-failed'),
  /** Names of tasks, `*` for any part; every task when absent. */
  tasks: patterns.optional(),
  input: inputTemplateSchema,
});

export const triggerSchema = z.discriminatedUnion('kind', [
  manualSchema,
  webhookSchema,
  scheduleSchema,
  fileSavedSchema,
  branchSchema,
  diagnosticsSchema,
  taskFailedSchema,
]);
export type Trigger = z.infer<typeof triggerSchema>;
export type TriggerKind = Trigger['kind'];
export type TriggerOf<K extends TriggerKind> = Extract<Trigger, { kind: K }>;
export const triggerKinds = [
  'manual',
  'webhook',
  'schedule',
  'file-saved',
  'branch',
  'diagnostics',
  'task-failed',
] as const satisfies readonly TriggerKind[];

/** Of an id. */
export const usedTwice = say`it is used twice`;

const MAX_TRIGGERS = 200;

export interface ReadTriggers {
  readonly triggers: readonly Trigger[];
  /** What is wrong with those that are not among them, each with the trigger and the field it is about. */
  readonly problems: readonly string[];
}

/** What of a list of definitions can be used; one that cannot be does not take the others along. */
export function readTriggers(value: unknown): ReadTriggers {
  if (value === undefined || value === null) return { triggers: [], problems: [] };
  if (!Array.isArray(value)) return { triggers: [], problems: [say`Triggers are a list: [{ "id": …, "kind": … }].`] };
  const triggers: Trigger[] = [];
  const problems: string[] = [];
  if (value.length > MAX_TRIGGERS)
    problems.push(say`There are more than ${MAX_TRIGGERS} triggers; the rest is left out.`);
  for (const [index, one] of value.slice(0, MAX_TRIGGERS).entries()) {
    const checked = triggerSchema.safeParse(one, forPeople);
    const name = nameOf(one) ?? index + 1;
    const isTwice = checked.success && triggers.some(({ id }) => id === checked.data.id);
    const wrong = checked.success ? (isTwice ? [{ field: 'id', what: usedTwice }] : []) : fieldIssues(checked.error);
    problems.push(...wrong.map(({ field, what }) => say`Trigger ${name}: ${field}: ${what}.`));
    if (checked.success && !isTwice) triggers.push(checked.data);
  }
  return { triggers, problems };
}

/** Each issue by the field it is about and what is wrong with it. */
export function fieldIssues({ issues }: z.ZodError): readonly { readonly field: string; readonly what: string }[] {
  return issues.map(({ path, message }) => ({
    field: placeOf(path) || 'definition',
    what: message.replace(/\.$/, ''),
  }));
}

function nameOf(value: unknown): string | undefined {
  const named = (value as { id?: unknown } | null)?.id;
  return typeof named === 'string' && named !== '' ? `“${named.slice(0, 64)}”` : undefined;
}

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
