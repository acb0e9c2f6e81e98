import { isSecretName } from '../inventory/secret-name.ts';

/** What the command line says about inputs; paths as given. */
export interface Selection {
  /** Inventory sources, later ones win; empty takes the default. */
  readonly inventory: readonly string[];
  readonly playbook?: string;
  /** Hosts a command is about. */
  readonly pattern?: string;
  /** Intersects with `pattern`. */
  readonly limit?: string;
  /** `-e KEY=VALUE`: beats every variable of the inventory. */
  readonly extra: Readonly<Record<string, string>>;
  /** Hosts asked at a time. */
  readonly forks: number;
}

type Variables = Readonly<Record<string, string>>;

/** A plan keeps no secret: what `-e` says of a password must be given to `apply` and `resume` again. */
export function splitSecrets(extra: Variables): {
  readonly plain: Record<string, string>;
  readonly secret: Variables;
} {
  const entries = Object.entries(extra);
  return {
    plain: Object.fromEntries(entries.filter(([name]) => !isSecretName(name))),
    secret: Object.fromEntries(entries.filter(([name]) => isSecretName(name))),
  };
}
