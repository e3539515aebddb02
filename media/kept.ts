import { useCallback, useState } from 'preact/hooks';
import { recall, remember } from './vscode.ts';

/** Reads a value that was kept; undefined for what is none of its kind, as of another version of this page. */
export type Reader<T> = (value: unknown) => T | undefined;

export const aText: Reader<string> = (value) => (typeof value === 'string' ? value : undefined);
export const aNumber: Reader<number> = (value) => (Number.isFinite(value) ? (value as number) : undefined);
export const aFlag: Reader<boolean> = (value) => (typeof value === 'boolean' ? value : undefined);
export const texts: Reader<readonly string[]> = (value) =>
  Array.isArray(value) && value.every((each) => typeof each === 'string') ? value : undefined;
export const textByName: Reader<Readonly<Record<string, string>>> = (value) =>
  typeof value === 'object' && value !== null && Object.values(value).every((each) => typeof each === 'string')
    ? (value as Record<string, string>)
    : undefined;

export function oneOf<T extends string>(...values: readonly T[]): Reader<T> {
  return (value) => values.find((each) => each === value);
}

export function orNone<T>(read: Reader<T>): Reader<T | null> {
  return (value) => (value === null ? null : read(value));
}

/**
 * State that comes back when the page is made anew: after another tab was in front of it, a reload, or a close. `name`
 * is its own within the run shown; where it began costs nothing to keep.
 */
export function useKept<T>(name: string, initial: T, read: Reader<T>): readonly [T, (next: T) => void] {
  const [value, set] = useState<T>(() => kept(name, read) ?? initial);
  const put = useCallback(
    (next: T) => {
      set(() => next);
      keep(name, next);
    },
    [name],
  );
  return [value, put];
}

export function kept<T>(name: string, read: Reader<T>): T | undefined {
  return read(recall().parts[name]);
}

export function keep(name: string, value: unknown): void {
  remember({ parts: { ...recall().parts, [name]: value } });
}
