import { createHash } from 'node:crypto'
import type { RemoteImage } from '@/lib/config/remote-images'
import { AppError } from '@/lib/errors'
import type { MachineKind } from '@/lib/machines/capabilities'
import { imageBroken } from '../../machine-errors'
import { readPeerCertificate } from '../certificates'
import type { Cluster, ServerInfo } from '../cluster'
import { refusalReason } from '../incus-errors'
import type { OnProgress } from '../operation-events'
import { findImage, type ImageProperties } from './cluster-images'
import * as messages from '@/lib/generated/messages/machine-driver-errors'
import * as problemMessages from '@/lib/generated/messages/machine-image-problems'
import * as progressMessages from '@/lib/generated/messages/machine-progress'

interface Options {
  name: string
  kind: MachineKind
  /** Of the image, unless the project had it before. */
  properties: ImageProperties
  signal: AbortSignal
  onProgress?: OnProgress
}

const TIMEOUT_MS = 4 * 60 * 60_000

/**
 * Lets the cluster fetch an image of another server and returns its fingerprint. Concurrent requests of several workers share
 * one download, and the cluster verifies it. An abort cancels it.
 * @throws {PermanentError} machine.image_broken if the server has no such image; {AppError} machine.image_unreachable, or as
 *   `Cluster.request`
 */
export async function pullImage(cluster: Cluster, remote: RemoteImage, options: Options) {
  const { name, kind, properties, signal, onProgress } = options
  onProgress?.(undefined, progressMessages.fromHost({ host: new URL(remote.server).host }))
  const { environment } = await cluster.request<ServerInfo>({ path: '/1.0', signal })
  const source = {
    type: 'image',
    mode: 'pull',
    server: remote.server,
    protocol: remote.protocol === 'cluster' ? environment.server : remote.protocol,
    alias: remote.alias,
    image_type: kind === 'vm' ? 'virtual-machine' : 'container',
    certificate: await loadCertificate(remote),
  }
  const operation = await cluster
    .runOperation({
      method: 'POST',
      path: '/1.0/images',
      body: { source },
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      isCancelable: true,
      onProgress,
    })
    .catch((error: unknown) => {
      signal.throwIfAborted()
      const reason = refusalReason(error)
      throw reason === undefined ? error : toPullError(error, { name, remote, kind, reason })
    })
  const fingerprint = operation.metadata!['fingerprint'] as string
  const image = await findImage(cluster, fingerprint)
  // One that was there before is not ours.
  if (image && new Date(image.uploaded_at) >= new Date(operation.created_at))
    await cluster.request({
      method: 'PATCH',
      path: `/1.0/images/${fingerprint}`,
      body: { properties: { ...image.properties, ...properties } },
    })
  return fingerprint
}

/** The certificate of the server in PEM, if the settings name it. */
async function loadCertificate({ server, certificate }: RemoteImage) {
  if (!certificate) return undefined
  const presented = await readPeerCertificate(new URL(server))
  if (createHash('sha256').update(presented.raw).digest('hex') === certificate) return presented.toString()
  throw new AppError({
    code: 'machine.image_impostor',
    message: messages.imageImpostor({ host: new URL(server).host }),
    status: 503,
  })
}

interface Attempt {
  name: string
  remote: RemoteImage
  kind: MachineKind
  /** Of the cluster. */
  reason: string
}

function toPullError(error: unknown, { name, remote: { server, alias }, kind, reason }: Attempt) {
  const { host } = new URL(server)
  if (/not found|couldn't be found/i.test(reason)) {
    return imageBroken(name, problemMessages.notAtRemote({ host, alias, kind }), error)
  }
  return new AppError({
    code: 'machine.image_unreachable',
    message: messages.pullFailed({ name, host, reason }),
    status: 503,
    cause: error,
  })
}
