/** Model calls in one conversation, unless a host says otherwise. On its own, so that settings load without the AI SDK. */
export const defaultStepLimit = 40;
