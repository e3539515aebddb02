export { type Redirects, rename, resolve } from './redirects.ts';
export { join, slug } from './slug.ts';
