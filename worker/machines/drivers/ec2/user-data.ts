import { gzipSync } from 'node:zlib'
import { PermanentError } from '@/lib/errors'
import type { MachineSpec } from '@/worker/machines/hypervisor'
import { toScriptConfig } from './boot-script'

/** Of EC2, before base64. */
const MAX_BYTES = 16 * 1024

/**
 * The cloud-init configuration of a machine in base64: its host name, authorized keys and script. JSON is
 * YAML.
 * @throws {PermanentError} machine.user_data_too_long
 */
export function toUserData({ hostname, sshKeys, bootScript }: MachineSpec) {
  const config = {
    hostname,
    preserve_hostname: false,
    ...(sshKeys.length > 0 ? { ssh_authorized_keys: sshKeys } : {}),
    ...(bootScript === undefined ? {} : toScriptConfig(bootScript)),
  }
  // cloud-init unpacks it. The time stamp of the archive is 0: the same machine has the same user data.
  const packed = gzipSync(`#cloud-config\n${JSON.stringify(config)}\n`)
  if (packed.length > MAX_BYTES) throw userDataTooLong(packed.length)
  return packed.toString('base64')
}

const userDataTooLong = (bytes: number) =>
  new PermanentError({
    code: 'machine.user_data_too_long',
    message: `Script and keys have ${bytes} bytes when packed; EC2 takes ${MAX_BYTES}.`,
    advice: 'Let the script download what it needs.',
  })
