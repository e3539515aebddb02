import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));
export const cache = join(root, '.vscode-test');
export const artifacts = join(root, 'dist', 'artifacts');
export const sample = join(root, 'samples', 'slugs');
