import { ByteWriter } from '../bytes/byte-writer.ts';
import { md5 } from './md5.ts';

/**
 * MsvAvChannelBindings: MD5 of a gss_channel_bindings_struct that has only application data.
 *
 * @param applicationData - `tls-server-end-point:` and the hash of the server's certificate.
 * @see MS-NLMP §2.2.2.1 and RFC 5929 §4
 */
export function channelBindingHash(applicationData: Uint8Array): Uint8Array {
  const struct = new ByteWriter().zeros(16).u32le(applicationData.length).bytes(applicationData);
  return md5(struct.finish());
}
