import { SingleFlight } from '@/lib/concurrency/single-flight'
import type { RemoteImage } from '@/lib/config/remote-images'
import type { MachineKind } from '@/lib/machines/capabilities'
import type { ImageFacts } from '@/worker/machines/hypervisor'
import { imageUnknown } from '../../machine-errors'
import type { Cluster, ServerInfo } from '../cluster'
import type { IncusSettings } from '../incus-settings'
import type { OnProgress } from '../operation-events'
import {
  type ClusterImage,
  describeImages,
  findImage,
  findImageByAlias,
  imageKeys,
  listImages,
  MINIMUM_SIZE,
  removeImage,
} from './cluster-images'
import { type ImageFile, listImageFiles } from './image-files'
import { pullImage } from './pull-image'
import { uploadImage } from './upload-image'
import * as messages from '@/lib/generated/messages/machine-host-texts'

type Source = { name: string; id: string } & ({ file: ImageFile } | { remote: RemoteImage })

interface FetchOptions {
  signal: AbortSignal
  onProgress?: OnProgress
}

/**
 * The images of the project, and those that this worker can add: of other servers (INCUS_IMAGES) and of files in its folder. They
 * are added when they are first needed. A name that the project has already stays what it is, unless this worker gave it.
 */
export class ImageStore {
  private readonly fetches = new SingleFlight<Parameters<OnProgress>>()

  constructor(
    private readonly cluster: Cluster,
    private readonly settings: IncusSettings,
  ) {}

  async list(): Promise<ImageFacts[]> {
    const present = describeImages(await listImages(this.cluster), this.settings.installationId)
    const names = new Set(present.flatMap(({ name, aliases = [] }) => [name, ...aliases]))
    const sources = (await this.listSources()).filter(({ name }) => !names.has(name))
    const kind = sources.length > 0 ? await this.readDefaultKind() : 'container'
    return [...present, ...sources.map((source) => describeSource(source, kind))]
  }

  /**
   * The image of this name, fetched or imported if the project does not have it.
   * @throws {PermanentError} machine.image_unknown, machine.image_broken; {AppError} machine.image_unreachable
   */
  async require(name: string, { signal, onProgress }: FetchOptions): Promise<ClusterImage> {
    const existing = await findImageByAlias(this.cluster, name, signal)
    const source = (await this.listSources()).find((one) => one.name === name)
    if (existing && !(source && this.isOutdated(existing, source))) return existing
    if (!source) throw imageUnknown(name)
    return this.fetches.run(
      name,
      (combined, report) =>
        this.fetch(source, { signal: combined, onProgress: (...progress) => report(progress) }),
      { signal, onProgress: (progress) => onProgress?.(...progress) },
    )
  }

  /** Fingerprints of images whose source this worker has had and has no longer. */
  async listUnused() {
    const images = await listImages(this.cluster)
    const ids = new Set((await this.listSources()).map(({ id }) => id))
    return images
      .filter((image) => this.isOwn(image) && !ids.has(image.properties[imageKeys.source]!))
      .map(({ fingerprint }) => fingerprint)
  }

  /** Removes what `listUnused` returned, unless it is in use again. Machines that were created from it remain. */
  async removeUnused(fingerprint: string) {
    if ((await this.listUnused()).includes(fingerprint)) await removeImage(this.cluster, fingerprint)
  }

  private async fetch(source: Source, options: FetchOptions) {
    const properties = {
      [imageKeys.owner]: this.settings.installationId,
      [imageKeys.host]: this.settings.hostId ?? '',
      [imageKeys.source]: source.id,
    }
    const fingerprint =
      'file' in source
        ? await uploadImage(this.cluster, source.file, { ...options, properties })
        : await pullImage(this.cluster, source.remote, {
            ...options,
            properties,
            name: source.name,
            kind: source.remote.kind ?? (await this.readDefaultKind()),
          })
    const image = await findImage(this.cluster, fingerprint)
    if (!image) throw imageUnknown(source.name)
    return this.giveName(source, image)
  }

  /** Returns the image that has the name: another worker may give it at the same time. */
  private async giveName({ name, id }: Source, image: ClusterImage) {
    const { fingerprint, properties } = image
    const before = await findImageByAlias(this.cluster, name)
    if (before?.fingerprint !== fingerprint) {
      if (!before || this.isOwn(before)) await this.pointName(name, { from: before, to: fingerprint })
      const named = await findImageByAlias(this.cluster, name)
      if (named && named.fingerprint !== fingerprint) {
        if (this.isOwn(image)) await removeImage(this.cluster, fingerprint)
        return named
      }
      if (before) await removeImage(this.cluster, before.fingerprint)
    }
    if (this.isOutdated(image, { id }))
      // The same contents from another file.
      await this.cluster.request({
        method: 'PATCH',
        path: `/1.0/images/${fingerprint}`,
        body: { properties: { ...properties, [imageKeys.source]: id } },
      })
    return image
  }

  private async pointName(name: string, { from, to }: { from?: ClusterImage; to: string }) {
    const path = '/1.0/images/aliases'
    const body = { name, target: to }
    const request = from
      ? ({ method: 'PUT', path: `${path}/${encodeURIComponent(name)}`, body } as const)
      : ({ method: 'POST', path, body } as const)
    await this.cluster.request(request).catch(async (error: unknown) => {
      if (!(await findImageByAlias(this.cluster, name))) throw error
    })
  }

  private isOutdated(image: ClusterImage, { id }: Pick<Source, 'id'>) {
    return this.isOwn(image) && image.properties[imageKeys.source] !== id
  }

  private isOwn({ properties }: ClusterImage) {
    const { installationId, hostId } = this.settings
    return (
      properties[imageKeys.owner] === installationId &&
      properties[imageKeys.source] !== undefined &&
      properties[imageKeys.host] === (hostId ?? '')
    )
  }

  /** Files take precedence. */
  private async listSources(): Promise<Source[]> {
    const { images = {}, imagesDir } = this.settings
    const files = imagesDir ? await listImageFiles(imagesDir) : []
    const remotes = Object.entries(images).filter(([name]) => !files.some((file) => file.name === name))
    return [
      ...files.map((file) => ({ name: file.name, id: `file ${file.name} ${file.version}`, file })),
      ...remotes.map(([name, remote]) => ({ name, id: toId(remote), remote })),
    ]
  }

  private async readDefaultKind(): Promise<MachineKind> {
    const { environment } = await this.cluster.request<ServerInfo>({ path: '/1.0' })
    return environment.driver.includes('qemu') ? 'vm' : 'container'
  }
}

const toId = ({ protocol, server, alias, kind }: RemoteImage) =>
  [protocol, server, alias, kind].filter(Boolean).join(' ')

function describeSource(source: Source, defaultKind: MachineKind): ImageFacts {
  const { name } = source
  const facts = { name, label: name, minimum: MINIMUM_SIZE }
  if ('file' in source) {
    const { kind, problem } = source.file
    return { ...facts, description: messages.imageCustomAny(), kind, problem }
  }
  const { server, alias, kind = defaultKind } = source.remote
  const description = `${alias} from ${new URL(server).host}, downloaded when it is first used.`
  return { ...facts, description, kind, problem: null }
}
