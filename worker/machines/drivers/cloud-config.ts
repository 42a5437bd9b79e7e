import type { MachineSpec } from '../hypervisor'

type Identity = Pick<MachineSpec, 'hostname' | 'sshKeys'>

/** A configuration of cloud-init with the identity of a machine. JSON is YAML. */
export const toCloudConfig = ({ hostname, sshKeys }: Identity, more: object = {}) =>
  `#cloud-config\n${JSON.stringify({
    hostname,
    preserve_hostname: false,
    ...(sshKeys.length > 0 ? { ssh_authorized_keys: sshKeys } : {}),
    ...more,
  })}\n`
