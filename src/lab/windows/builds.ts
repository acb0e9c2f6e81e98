import type { BuildName } from '../../model/scenario.ts';

/**
 * What a release of Windows is like out of the box.
 *
 * @see https://learn.microsoft.com/windows-server/storage/file-server/troubleshoot/smbv1-not-installed-by-default-in-windows
 * @see https://learn.microsoft.com/windows-server/storage/file-server/smb-signing
 */
export interface WindowsBuild {
  readonly build: number;
  readonly revision: number;
  readonly caption: string;
  readonly edition: string;
  readonly kind: 'client' | 'server';
  readonly powershell: string;
  /** `driver`: part of Windows, cannot be removed. `feature`: one feature. `parts`: a feature with parts of its own. */
  readonly smb1: 'driver' | 'feature' | 'parts';
  readonly smb1OutOfTheBox: boolean;
  /** Cmdlets of SmbShare and DISM, from Windows 8 and Server 2012. */
  readonly cmdlets: boolean;
  /** `AuditSmb1Access`, from Windows 10 and Server 2016. */
  readonly auditsSmb1: boolean;
  /** Signing required without any registry value. */
  readonly signing: { readonly client: boolean; readonly server: boolean };
  /** The audit switches and dialect bounds of 24H2 and Server 2025. */
  readonly smbAudits: boolean;
}

const none = { client: false, server: false };
const client = { kind: 'client', edition: 'Enterprise', signing: none, smbAudits: false } as const;
const server = { kind: 'server', edition: 'ServerStandard', signing: none, smbAudits: false } as const;
const old = { smb1: 'driver', smb1OutOfTheBox: true, cmdlets: false, auditsSmb1: false } as const;
const removable = { smb1: 'feature', smb1OutOfTheBox: true, cmdlets: true, auditsSmb1: false } as const;
const inParts = { smb1: 'parts', smb1OutOfTheBox: false, cmdlets: true, auditsSmb1: true } as const;
const strict = {
  smb1: 'parts',
  smb1OutOfTheBox: false,
  cmdlets: true,
  auditsSmb1: true,
  smbAudits: true,
} as const;
const powershell5 = (build: number): string => `5.1.${build}.1`;

/** The builds by preset. */
export const windowsBuilds: Readonly<Record<BuildName, WindowsBuild>> = {
  'windows-7': {
    ...{ ...client, ...old, build: 7601, revision: 24545, powershell: '2.0' },
    caption: 'Microsoft Windows 7 Enterprise',
  },
  'windows-8.1': {
    ...{ ...client, ...removable, build: 9600, revision: 20778, powershell: '4.0' },
    caption: 'Microsoft Windows 8.1 Enterprise',
  },
  'windows-10-1809': {
    ...{ ...client, ...inParts, build: 17763, revision: 5329, powershell: powershell5(17763) },
    caption: 'Microsoft Windows 10 Enterprise',
  },
  'windows-10-22h2': {
    ...{ ...client, ...inParts, build: 19045, revision: 4780, powershell: powershell5(19041) },
    caption: 'Microsoft Windows 10 Enterprise',
  },
  'windows-11-23h2': {
    ...{ ...client, ...inParts, build: 22631, revision: 4112, powershell: powershell5(22621) },
    caption: 'Microsoft Windows 11 Enterprise',
  },
  'windows-11-24h2': {
    ...{ ...client, ...strict, build: 26100, revision: 2033, powershell: powershell5(26100) },
    ...{ caption: 'Microsoft Windows 11 Enterprise', signing: { client: true, server: true } },
  },
  'server-2008-r2': {
    ...{ ...server, ...old, build: 7601, revision: 24545, powershell: '2.0' },
    caption: 'Microsoft Windows Server 2008 R2 Standard',
  },
  'server-2012': {
    ...{ ...server, ...old, cmdlets: true, build: 9200, revision: 24414, powershell: '3.0' },
    caption: 'Microsoft Windows Server 2012 Standard',
  },
  'server-2012-r2': {
    ...{ ...server, ...removable, build: 9600, revision: 20778, powershell: '4.0' },
    caption: 'Microsoft Windows Server 2012 R2 Standard',
  },
  'server-2016': {
    ...{
      ...server,
      ...removable,
      auditsSmb1: true,
      build: 14393,
      revision: 6351,
      powershell: powershell5(14393),
    },
    caption: 'Microsoft Windows Server 2016 Standard',
  },
  'server-2019': {
    ...{ ...server, ...inParts, build: 17763, revision: 5329, powershell: powershell5(17763) },
    caption: 'Microsoft Windows Server 2019 Standard',
  },
  'server-2022': {
    ...{ ...server, ...inParts, build: 20348, revision: 2700, powershell: powershell5(20348) },
    caption: 'Microsoft Windows Server 2022 Standard',
  },
  'server-2025': {
    ...{ ...server, ...strict, build: 26100, revision: 2033, powershell: powershell5(26100) },
    ...{ caption: 'Microsoft Windows Server 2025 Standard', signing: { client: true, server: false } },
  },
};
