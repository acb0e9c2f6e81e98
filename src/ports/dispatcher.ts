/** Carries out intents and reports one outcome for each; the same port later sends them to workers. */
export interface Dispatcher<Intent, Outcome> {
  perform(intent: Intent, signal: AbortSignal): Promise<Outcome>;
}
