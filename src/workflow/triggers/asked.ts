import type { Input } from '../schemas.ts';

/** What a verified body asks for, or why it asks for nothing. */
export type Asked = { readonly input: Input; readonly cause: string } | { readonly ignored: string };
