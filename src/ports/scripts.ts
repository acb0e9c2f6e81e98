/** A script that only reads; the only kind that `HostSession.read` takes. */
export interface ReadScript {
  readonly kind: 'read';
  readonly name: string;
  readonly text: string;
}

/** A script that changes the host; needs a `WritePermit`. */
export interface WriteScript {
  readonly kind: 'write';
  readonly name: string;
  readonly text: string;
}

/** The shipped PowerShell scripts. A missing file is our own bug and throws. */
export interface Scripts {
  /** `get.ps1` of a control, `facts.ps1`, and other scripts named in `survey/` or `engine/` that only read. */
  read(name: string): ReadScript;
  write(name: string): WriteScript;
}
