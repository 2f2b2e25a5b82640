/**
 * vSphere's CustomizationSpec, as far as it is used here. A field that is declared as a base type holds one of the derived types, which names
 * itself in `$type`.
 */
export interface CustomizationSpec {
  readonly options: LinuxOptions | WinOptions;
  readonly identity: LinuxPrep | Sysprep;
  readonly globalIPSettings: {
    readonly dnsSuffixList?: readonly string[];
    readonly dnsServerList?: readonly string[];
  };
  readonly nicSettingMap: readonly AdapterMapping[];
}

export interface LinuxOptions {
  readonly $type: 'CustomizationLinuxOptions';
}

export interface WinOptions {
  readonly $type: 'CustomizationWinOptions';
  readonly changeSID: boolean;
  readonly deleteAccounts: boolean;
  readonly reboot: 'reboot' | 'noreboot' | 'shutdown';
}

export interface LinuxPrep {
  readonly $type: 'CustomizationLinuxPrep';
  readonly hostName: FixedName;
  readonly domain: string;
  readonly hwClockUTC: boolean;
}

export interface Sysprep {
  readonly $type: 'CustomizationSysprep';
  readonly guiUnattended: {
    readonly password?: { readonly value: string; readonly plainText: true };
    readonly timeZone: number;
    readonly autoLogon: false;
    readonly autoLogonCount: 0;
  };
  readonly userData: {
    readonly fullName: string;
    readonly orgName: string;
    readonly computerName: FixedName;
    readonly productId: string;
  };
  readonly identification: { readonly joinWorkgroup: string };
}

export interface FixedName {
  readonly $type: 'CustomizationFixedName';
  readonly name: string;
}

export interface AdapterMapping {
  readonly macAddress: string;
  readonly adapter: IpSettings;
}

export interface IpSettings {
  readonly ip:
    | { readonly $type: 'CustomizationFixedIp'; readonly ipAddress: string }
    | { readonly $type: 'CustomizationDhcpIpGenerator' };
  readonly subnetMask?: string;
  readonly gateway?: readonly string[];
  readonly ipV6Spec?: {
    readonly ip: readonly FixedIpV6[];
    readonly gateway?: readonly string[];
  };
  readonly dnsServerList?: readonly string[];
  readonly dnsDomain?: string;
}

export interface FixedIpV6 {
  readonly $type: 'CustomizationFixedIpV6';
  readonly ipAddress: string;
  /** The length of the prefix, in spite of its name. */
  readonly subnetMask: number;
}
