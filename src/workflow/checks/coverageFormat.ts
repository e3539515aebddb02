import { z } from 'zod';

/** The coverage reports that are read. */
export const coverageFormats = ['lcov', 'cobertura', 'istanbul', 'go'] as const;
export const coverageFormatSchema = z.enum(coverageFormats);
export type CoverageFormat = z.infer<typeof coverageFormatSchema>;
