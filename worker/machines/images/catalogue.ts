import path from 'node:path'
import type { Image } from './image'
import { customImages } from './custom'
import { debianImage } from './debian/debian'
import type { DebianSettings } from './debian/settings'
import { imageBroken, imageUnknown } from './image-errors'
import { Snapshots } from './snapshots'
import { tinyImage } from './tiny'

/** All images of this host: those we make, the administrator's, and snapshots. */
export class Catalogue {
  readonly snapshots: Snapshots
  readonly tiny: Image

  constructor(
    private readonly root: string,
    private readonly debian: DebianSettings,
  ) {
    this.snapshots = new Snapshots(path.join(root, 'snapshots'))
    this.tiny = tinyImage(root)
  }

  async list() {
    return [
      this.tiny,
      await debianImage(this.root, this.debian),
      ...(await customImages(path.join(this.root, 'custom'))),
      ...(await this.snapshots.images()),
    ]
  }

  /** The least that machines of an image need; undefined when it is not offered. */
  async minimumOf(name: string) {
    return (await this.list()).find(({ facts }) => facts.name === name)?.facts.minimum
  }

  /** What machines are made of now, of every image that is there. */
  async made() {
    const all = await Promise.all((await this.list()).map((image) => image.made()))
    return all.filter((built) => built !== undefined)
  }

  /** @throws {PermanentError} machine.image_unknown, machine.image_broken */
  async find(name: string) {
    const image = (await this.list()).find(({ facts }) => facts.name === name)
    if (!image) throw imageUnknown(name)
    if (image.facts.problem) throw imageBroken(name, image.facts.problem.replace(/\.$/, ''))
    return image
  }
}
