import { boolean, dateTime, integer, list, object, required, text, word, type Decoded } from '../shape.ts';

const dhcpOptions = object({ enable: boolean });
const dhcpConfig = object({ ipv4: dhcpOptions, ipv6: dhcpOptions });

const netDnsConfig = object({
  dhcp: boolean,
  hostName: text,
  domainName: word,
  ipAddress: list(word),
  searchDomain: list(word),
});

/** `GuestNicInfo`: one interface inside the guest, as VMware Tools reports it. */
export const guestNicInfo = object({
  network: word,
  macAddress: text,
  /** Key of the virtual device; -1 for an interface that exists only inside the guest. */
  deviceConfigId: integer,
  connected: boolean,
  ipAddress: list(text),
  ipConfig: object({
    ipAddress: list(
      object({
        ipAddress: required(text),
        prefixLength: integer,
        origin: word,
        state: word,
        lifetime: dateTime,
      }),
    ),
    dhcp: dhcpConfig,
  }),
  dnsConfig: netDnsConfig,
});
export type GuestNicInfo = Decoded<typeof guestNicInfo>;

/** `GuestStackInfo`: routes and name resolution of one IP stack inside the guest. */
export const guestStackInfo = object({
  dnsConfig: netDnsConfig,
  ipRouteConfig: object({
    ipRoute: list(
      object({
        network: required(word),
        prefixLength: integer,
        gateway: object({ ipAddress: word, device: word }),
      }),
    ),
  }),
  dhcpConfig,
});
export type GuestStackInfo = Decoded<typeof guestStackInfo>;

/** `GuestInfoCustomizationInfo`, since 7.0.2: how far the customization has come inside the guest. */
export const customizationInfo = object({
  /** `TOOLSDEPLOYPKG_IDLE`, `_PENDING`, `_RUNNING`, `_SUCCEEDED`, `_FAILED`. */
  customizationStatus: required(word),
  startTime: dateTime,
  endTime: dateTime,
  errorMsg: text,
});
export type CustomizationInfo = Decoded<typeof customizationInfo>;
