import type { WindowsState } from '../../model/windows-state.ts';

/** First build that signs without being told to: Windows 11 24H2 and Server 2025. */
const firstStrictBuild = 26100;
/** First build whose SMB1 is a feature: Windows 8.1 and Server 2012 R2. */
const firstBuildWithFeature = 9600;

/**
 * Whether SMB signing is required where the registry has no value.
 *
 * @see https://learn.microsoft.com/windows-server/storage/file-server/smb-signing
 */
export function requiresSigning(
  side: 'smbServer' | 'smbClient',
  { build, productType }: Pick<WindowsState, 'build' | 'productType'>,
): boolean {
  return build >= firstStrictBuild && (side === 'smbClient' || productType === 1);
}

/** Whether the SMB server speaks SMB1 where the registry has no value: wherever the code for it is there. */
export function speaksSmb1({ build, features }: Pick<WindowsState, 'build' | 'features'>): boolean {
  if (build < firstBuildWithFeature) return true;
  return isOn(features?.['SMB1Protocol-Server'] ?? features?.['SMB1Protocol']);
}

/** A feature that is going away is still there until the boot. */
function isOn(featureState: string | undefined): boolean {
  return featureState === 'Enabled' || featureState === 'DisablePending';
}
