/** Work for a client, ours or a peer's; all clients do the same on the same hosts. */
export type ClientJob =
  /** A new client and one script, again and again. */
  | {
      readonly kind: 'cold';
      readonly port: number;
      readonly count: number;
      /** Ours only: the last leg of the logon goes with the first message. */
      readonly handshake?: 'together';
    }
  /** One client, which has run a script already, and further scripts one after another. */
  | { readonly kind: 'warm'; readonly port: number; readonly count: number }
  /** Scripts on many hosts, `forks` hosts at a time; a host that does not answer is given up. */
  | {
      readonly kind: 'fleet';
      readonly ports: readonly number[];
      readonly scripts: number;
      readonly forks: number;
      readonly giveUpSeconds: number;
    }
  /** Much text, as the bytes of a program (cmd) or as objects of a pipeline (PSRP). */
  | {
      readonly kind: 'download';
      readonly port: number;
      readonly megabytes: number;
      readonly as: 'bytes' | 'objects';
      readonly sealed: boolean;
    }
  /** Clients that have run a script and stay. */
  | { readonly kind: 'idle'; readonly ports: readonly number[] };

/** What a job cost, seen from the client. */
export interface JobReport {
  /** Wall time until the result was there, of each repetition. */
  readonly wallMs: readonly number[];
  /** CPU time of the client's process for the whole job. */
  readonly cpuMs: number;
  /** Hosts that gave all their results. */
  readonly answered?: number;
  /** Resident memory with one host, with all of them, and with all when what is free was given back. */
  readonly residentBytes?: Readonly<Record<'before' | 'after' | 'needed', number>>;
}

/** A client that does jobs: ours, or a peer. */
export interface JobClient {
  readonly name: string;
  /** Whether it gives the result before it terminates the pipeline and deletes the shell. */
  readonly cleansUpLater: boolean;
  /** In a process of its own. */
  run(job: ClientJob): Promise<JobReport>;
}

/** Host time that one script takes. */
export const thinkMs = 10;

/** The scripts that lab hosts know; the same text for PowerShell and for cmd. */
export const scripts = {
  think: 'Get-Date -Format o',
  download: (megabytes: number): string => `Write-Download ${megabytes}`,
};

/** Length of the lines of a download. */
export const downloadLineBytes = 16_384;

/** The account that the lab's hosts take. */
export const account = { user: 'CORP\\ops', password: 'Bench-pa55word' };
