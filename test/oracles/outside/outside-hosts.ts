/** A JSON value of a host's state, as the stand-ins keep it. */
export type StateValue = string | number | boolean | null | readonly StateValue[] | StateFields;
export interface StateFields {
  readonly [name: string]: StateValue;
}

/** How a host of the outside server begins and misbehaves (fields: outside_host.py, State.ps1). */
export interface OutsideHost {
  readonly name: string;
  readonly state: StateFields;
  readonly settings?: StateFields;
}

const services = String.raw`HKLM:\SYSTEM\CurrentControlSet\Services`;
const control = String.raw`HKLM:\SYSTEM\CurrentControlSet\Control`;
const current = String.raw`HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion`;
const prefetch = String.raw`${control}\Session Manager\Memory Management\PrefetchParameters`;
const bootedAt = '2026-11-20T03:59:58Z';

const registry = (name: string, changes: StateFields = {}): StateFields => ({
  [String.raw`${services}\LanmanServer\Parameters`]: {
    EnableAuthenticateUserSharing: 0,
    NullSessionPipes: [],
  },
  [String.raw`${services}\LanmanWorkstation\Parameters`]: { EnablePlainTextPassword: 0 },
  [String.raw`${services}\LanmanWorkstation`]: { DependOnService: ['Bowser', 'MRxSmb20', 'NSI'], Start: 2 },
  [String.raw`${services}\mrxsmb10`]: { Start: 2 },
  [String.raw`HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion`]: {
    EditionID: 'ServerStandard',
    UBR: 5329,
  },
  // A key without values, from which Get-ItemProperty makes no object at all.
  [String.raw`${current}\Component Based Servicing\Interface`]: {},
  [String.raw`${control}\Session Manager`]: { PendingFileRenameOperations: ['', ''] },
  [String.raw`${control}\ComputerName\ActiveComputerName`]: { ComputerName: name },
  [String.raw`${control}\ComputerName\ComputerName`]: { ComputerName: name },
  [prefetch]: { BootId: 41, BaseTime: 1 },
  ...changes,
});

const server = {
  EnableSMB1Protocol: true,
  EnableSMB2Protocol: true,
  AuditSmb1Access: false,
  RequireSecuritySignature: false,
  EnableSecuritySignature: false,
  EncryptData: false,
};

function windows(name: string, changes: StateFields): StateFields {
  return {
    name,
    domain: 'corp.example',
    build: 17_763,
    caption: 'Microsoft Windows Server 2019 Standard ',
    productType: 3,
    domainRole: 3,
    bootTime: bootedAt,
    bootEpoch: Date.parse(bootedAt) / 1000,
    bootIdKey: prefetch,
    registry: registry(name),
    smbServer: server,
    smbClient: { RequireSecuritySignature: false, EnableSecuritySignature: true },
    optionalFeatures: {
      SMB1Protocol: 'Enabled',
      'SMB1Protocol-Client': 'Enabled',
      'SMB1Protocol-Server': 'Enabled',
    },
    windowsFeatures: { 'FS-SMB1': 'Installed', 'FS-FileServer': 'Installed' },
    services: { LanmanServer: 'Running', LanmanWorkstation: 'Running', Netlogon: 'Running' },
    servicesReadyAt: 0,
    events: [{ log: 'System', provider: 'EventLog', id: 6005, at: '2026-11-01T04:00:05Z', values: [] }],
    shutdown: null,
    elevated: true,
    unknownFeature: 'nothing',
    deny: [],
    ...changes,
  };
}

/** A file server with everything of SMBv1 installed. */
export const fileServer = (
  name: string,
  settings: StateFields = {},
  changes: StateFields = {},
): OutsideHost => ({
  name,
  settings,
  state: windows(name, changes),
});

/** A Windows 10 with the client part only, and another way to write XML, in small portions. */
export const workstation = (name: string): OutsideHost => ({
  name,
  settings: { dialect: 'odd', faults: { dribble: 211, slow: 0.03 } },
  state: windows(name, {
    build: 19_045,
    caption: 'Microsoft Windows 10 Enterprise',
    productType: 1,
    domainRole: 1,
    smbServer: { ...server, EnableSMB1Protocol: false },
    optionalFeatures: {
      SMB1Protocol: 'Enabled',
      'SMB1Protocol-Client': 'Enabled',
      'SMB1Protocol-Server': 'Disabled',
      'SMB1Protocol-Deprecation': 'Disabled',
    },
    windowsFeatures: null,
  }),
});

/** A domain controller that requires signing already. */
export const domainController = (name: string, settings: StateFields = {}): OutsideHost => {
  const parameters = { [String.raw`${services}\LanmanServer\Parameters`]: { RequireSecuritySignature: 1 } };
  return {
    name,
    settings,
    state: windows(name, {
      build: 14_393,
      caption: 'Microsoft Windows Server 2016 Standard',
      productType: 2,
      domainRole: 5,
      registry: registry(name, parameters),
      smbServer: { ...server, RequireSecuritySignature: true },
      optionalFeatures: { SMB1Protocol: 'Enabled' },
    }),
  };
};

/** A Server 2012 without a boot counter, where SMBv1 is no feature but a driver, and an unknown feature is an exception. */
export const server2012 = (name: string): OutsideHost => {
  const { AuditSmb1Access: _, ...olderServer } = server;
  const keys = {
    [String.raw`${services}\LanmanWorkstation`]: {
      DependOnService: ['Bowser', 'MRxSmb10', 'MRxSmb20', 'NSI'],
      Start: 2,
    },
    [String.raw`${services}\mrxsmb10`]: { Start: 3 },
  };
  const { [prefetch]: __, ...withoutCounter } = registry(name, keys);
  return {
    name,
    state: windows(name, {
      build: 9200,
      caption: 'Microsoft Windows Server 2012 Standard',
      registry: withoutCounter,
      smbServer: olderServer,
      optionalFeatures: { TelnetClient: 'Disabled' },
      windowsFeatures: { 'FS-FileServer': 'Installed' },
      unknownFeature: 'throws',
    }),
  };
};
