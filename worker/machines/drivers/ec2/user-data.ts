import { gzipSync } from 'node:zlib'
import { PermanentError } from '@/lib/errors'
import type { MachineSpec } from '@/worker/machines/hypervisor'
import { toCloudConfig } from '../cloud-config'
import { toScriptConfig } from './boot-script'

/** Of EC2, before base64. */
const MAX_BYTES = 16 * 1024

/**
 * The cloud-init configuration of a machine in base64: its host name, authorized keys and script.
 * @throws {PermanentError} machine.user_data_too_long
 */
export function toUserData(spec: MachineSpec) {
  const { bootScript } = spec
  const config = toCloudConfig(spec, bootScript === undefined ? {} : toScriptConfig(bootScript))
  // cloud-init unpacks it. The time stamp of the archive is 0: the same machine has the same user data.
  const packed = gzipSync(config)
  if (packed.length > MAX_BYTES) throw userDataTooLong(packed.length)
  return packed.toString('base64')
}

const userDataTooLong = (bytes: number) =>
  new PermanentError({
    code: 'machine.user_data_too_long',
    message: `Script and keys have ${bytes} bytes when packed; EC2 takes ${MAX_BYTES}.`,
    advice: 'Let the script download what it needs.',
  })
