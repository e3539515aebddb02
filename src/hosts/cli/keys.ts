const openAiOrigin = 'https://api.openai.com';

/**
 * The keys of the environment, each for its own address only: OPENAI_API_KEY for OpenAI, PLANWRIGHT_API_KEY for
 * the address that was given. What a base address leads to never sees the key of another.
 */
export function keysOf(
  env: NodeJS.ProcessEnv,
  baseUrl: string | undefined,
): (origin: string) => Promise<string | undefined> {
  const given = baseUrl !== undefined && URL.canParse(baseUrl) ? new URL(baseUrl).origin : undefined;
  return async (origin) => {
    const own = origin === given ? env.PLANWRIGHT_API_KEY : undefined;
    return own || (origin === openAiOrigin ? env.OPENAI_API_KEY : undefined);
  };
}
