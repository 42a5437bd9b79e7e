import type { MachineSpec } from '@/worker/machines/hypervisor'
import { toCloudConfig } from '../cloud-config'

/**
 * The keys of an instance that images with cloud-init read; others ignore them. Without them, cloud-init would replace host name
 * and keys at the first start by those of the instance. The configuration of the user takes precedence.
 */
export function toCloudInitKeys(spec: MachineSpec): Record<string, string> {
  // Keys are for root, as those that `identityScript` installs.
  const data = { 'vendor-data': toCloudConfig(spec, { disable_root: false }), 'user-data': spec.cloudConfig }
  return Object.fromEntries(
    Object.entries(data).flatMap(([name, value]) =>
      // Images from before the keys `cloud-init.*` read `user.*`.
      value === undefined
        ? []
        : [
            [`cloud-init.${name}`, value],
            [`user.${name}`, value],
          ],
    ),
  )
}
