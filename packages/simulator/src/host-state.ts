import type { Host } from './estate.ts';
import type { VimProperty } from './vim-xml.ts';

/**
 * The properties of a HostSystem that say whether it works, for `setProperties` and `setPropertiesAtCall`. The
 * simulator clones nothing onto a host in maintenance or out of reach, and powers nothing on there.
 */
export function hostState(
  state: Partial<Pick<Host, 'connectionState' | 'inMaintenanceMode'>>,
): VimProperty[] {
  const properties: VimProperty[] = [];
  for (const runtime of ['runtime', 'summary.runtime']) {
    if (state.inMaintenanceMode !== undefined)
      properties.push({
        path: `${runtime}.inMaintenanceMode`,
        type: 'xsd:boolean',
        value: state.inMaintenanceMode,
      });
    if (state.connectionState !== undefined)
      properties.push({
        path: `${runtime}.connectionState`,
        type: 'HostSystemConnectionState',
        value: state.connectionState,
      });
  }
  return properties;
}
