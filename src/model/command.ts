import { z } from 'zod';

const who = {
  /** The person, as `user@machine`. */
  by: z.string().min(1).max(200),
  reason: z.string().min(1).max(2000),
};

/** What a person tells the controller of a run from another terminal, through its inbox. */
export const SteeringCommand = z.discriminatedUnion('command', [
  z.object({ command: z.literal('pause'), ...who }),
  /** Lets a paused or stopped run go on. */
  z.object({ command: z.literal('continue'), ...who }),
  /** Passes the open gate or soak, once. */
  z.object({ command: z.literal('promote'), ...who }),
  z.object({ command: z.literal('abort'), ...who }),
  z.object({ command: z.literal('hold'), host: z.string(), ...who }),
  z.object({ command: z.literal('release'), host: z.string(), ...who }),
]);
export type SteeringCommand = z.infer<typeof SteeringCommand>;
