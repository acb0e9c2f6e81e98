/**
 * Names of WS-Management and its Windows shell extensions.
 *
 * @see MS-WSMV §2.2.1 Namespaces https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-wsmv
 */
export const namespaces = {
  s: 'http://www.w3.org/2003/05/soap-envelope',
  a: 'http://schemas.xmlsoap.org/ws/2004/08/addressing',
  w: 'http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd',
  p: 'http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd',
  rsp: 'http://schemas.microsoft.com/wbem/wsman/1/windows/shell',
  x: 'http://schemas.xmlsoap.org/ws/2004/09/transfer',
  n: 'http://schemas.xmlsoap.org/ws/2004/09/enumeration',
  f: 'http://schemas.microsoft.com/wbem/wsman/1/wsmanfault',
  cfg: 'http://schemas.microsoft.com/wbem/wsman/1/config',
  /** Of creationXml and connectXml. */
  ps: 'http://schemas.microsoft.com/powershell',
} as const;

export const actions = {
  create: `${namespaces.x}/Create`,
  createResponse: `${namespaces.x}/CreateResponse`,
  delete: `${namespaces.x}/Delete`,
  deleteResponse: `${namespaces.x}/DeleteResponse`,
  get: `${namespaces.x}/Get`,
  getResponse: `${namespaces.x}/GetResponse`,
  enumerate: `${namespaces.n}/Enumerate`,
  enumerateResponse: `${namespaces.n}/EnumerateResponse`,
  pull: `${namespaces.n}/Pull`,
  pullResponse: `${namespaces.n}/PullResponse`,
  release: `${namespaces.n}/Release`,
  releaseResponse: `${namespaces.n}/ReleaseResponse`,
  command: `${namespaces.rsp}/Command`,
  commandResponse: `${namespaces.rsp}/CommandResponse`,
  send: `${namespaces.rsp}/Send`,
  sendResponse: `${namespaces.rsp}/SendResponse`,
  receive: `${namespaces.rsp}/Receive`,
  receiveResponse: `${namespaces.rsp}/ReceiveResponse`,
  signal: `${namespaces.rsp}/Signal`,
  signalResponse: `${namespaces.rsp}/SignalResponse`,
  disconnect: `${namespaces.rsp}/Disconnect`,
  disconnectResponse: `${namespaces.rsp}/DisconnectResponse`,
  reconnect: `${namespaces.rsp}/Reconnect`,
  reconnectResponse: `${namespaces.rsp}/ReconnectResponse`,
  connect: `${namespaces.rsp}/Connect`,
  connectResponse: `${namespaces.rsp}/ConnectResponse`,
  /** WS-Management §14.6: faults of the protocol itself. */
  fault: 'http://schemas.dmtf.org/wbem/wsman/1/wsman/fault',
} as const;

export const anonymousAddress = `${namespaces.a}/role/anonymous`;

/** What requests are about, besides the PowerShell configurations of `powershellResourceUri`. */
export const resourceUris = {
  /** Shells that run programs under cmd.exe. */
  cmd: `${namespaces.rsp}/cmd`,
  /** All shells, to enumerate them or to Get one, whatever its kind. */
  shells: namespaces.rsp,
  /** The commands of a shell, to enumerate them. */
  commands: `${namespaces.rsp}/Command`,
  /** The service's own settings; for administrators only. */
  config: namespaces.cfg,
} as const;

/** The resource URI of a PowerShell session configuration, such as `Microsoft.PowerShell`. */
export function powershellResourceUri(configuration: string): string {
  return `${namespaces.ps}/${configuration}`;
}

/** The last part of an action URI, for logs and messages: `Receive`. */
export function actionName(action: string): string {
  return action.slice(action.lastIndexOf('/') + 1);
}
