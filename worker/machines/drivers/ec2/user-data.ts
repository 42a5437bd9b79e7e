import { gzipSync } from 'node:zlib'
import { PermanentError } from '@/lib/errors'
import type { MachineSpec } from '@/worker/machines/hypervisor'
import { toCloudConfig } from '../cloud-config'
import { toBackgroundScript, toScriptConfig } from './boot-script'
import { type MimePart, toMultipart } from './mime'
import * as messages from '@/lib/generated/messages/machine-driver-errors'

/** Of EC2, before base64. */
const MAX_BYTES = 16 * 1024

/**
 * The user data of a machine for cloud-init in base64: its host name, authorized keys, script and configuration.
 * @throws {PermanentError} machine.user_data_too_long
 */
export function toUserData(spec: MachineSpec) {
  // cloud-init unpacks it. The time stamp of the archive is 0: the same machine has the same user data.
  const packed = gzipSync(describeFirstStart(spec))
  if (packed.length > MAX_BYTES) throw userDataTooLong(packed.length)
  return packed.toString('base64')
}

function describeFirstStart(spec: MachineSpec) {
  const { bootScript, cloudConfig } = spec
  if (cloudConfig === undefined) return toCloudConfig(spec, bootScript ? toScriptConfig(bootScript) : {})
  const parts: MimePart[] = [
    { type: 'text/cloud-config', fileName: 'meanwhile.cfg', content: toCloudConfig(spec) },
    // Of two parts with the same key, cloud-init takes the later one.
    { type: 'text/cloud-config', fileName: 'user.cfg', content: cloudConfig },
  ]
  // In a part of its own: a `runcmd` of the user would replace one of ours.
  if (bootScript)
    parts.push({
      type: 'text/x-shellscript',
      fileName: 'meanwhile.sh',
      content: toBackgroundScript(bootScript),
    })
  return toMultipart(parts)
}

const userDataTooLong = (bytes: number) =>
  new PermanentError({
    code: 'machine.user_data_too_long',
    message: messages.userDataTooLong({ bytes, limit: MAX_BYTES }),
    advice: messages.userDataTooLongAdvice(),
  })
