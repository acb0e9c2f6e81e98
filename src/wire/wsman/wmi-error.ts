import type { WsmanMessage } from './envelope.ts';
import type { WsmanFault } from './fault.ts';
import { actions } from './namespaces.ts';
import { element, text } from './xml-markup.ts';

const wmiError = 'http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/MSFT_WmiError';

/**
 * The other form of a fault: Windows tells quotas as an MSFT_WmiError, in an answer that relates to no request.
 *
 * `parseFault` reads both forms.
 */
export function wmiErrorMessage(fault: WsmanFault): WsmanMessage {
  const reason = text(fault.reason);
  return {
    action: actions.fault,
    body: element(
      's:Fault',
      {},
      element(
        's:Code',
        {},
        element('s:Value', {}, fault.side === 'sender' ? 's:Sender' : 's:Receiver'),
        element('s:Subcode', {}, element('s:Value', {}, `w:${text(fault.subcode)}`)),
      ),
      element('s:Reason', {}, element('s:Text', { 'xml:lang': 'en-US' }, reason)),
      element(
        's:Detail',
        {},
        element(
          'e:MSFT_WmiError',
          { 'xmlns:e': wmiError },
          element('e:Message', {}, reason),
          element('e:error_Category', {}, '30'),
          element('e:error_Code', {}, String(fault.code ?? 0)),
          element('e:error_Type', {}, 'HRESULT'),
          element('e:error_WindowsErrorMessage', {}, reason),
        ),
      ),
    ),
  };
}
