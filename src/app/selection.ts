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
