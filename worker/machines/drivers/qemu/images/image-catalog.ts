import path from 'node:path'
import type { Image } from './image'
import { listCustomImages } from './custom-images'
import { openDebianImage } from './debian/debian-image'
import type { DebianSettings } from './debian/debian-settings'
import { SnapshotStore } from './snapshot-store'
import { openTinyImage } from './tiny-image'
import { imageBroken, imageUnknown } from '../../machine-errors'

/** All images of this host: built-in images, custom images and snapshots. */
export class ImageCatalog {
  readonly snapshots: SnapshotStore
  readonly tiny: Image

  constructor(
    private readonly root: string,
    private readonly debian: DebianSettings,
  ) {
    this.snapshots = new SnapshotStore(path.join(root, 'snapshots'))
    this.tiny = openTinyImage(root)
  }

  async list() {
    return [
      this.tiny,
      await openDebianImage(this.root, this.debian),
      ...(await listCustomImages(path.join(this.root, 'custom'))),
      ...(await this.snapshots.listImages()),
    ]
  }

  /** The minimum size of an image; undefined when the image is not in the catalog. */
  async findMinimumSize(name: string) {
    return (await this.list()).find(({ facts }) => facts.name === name)?.facts.minimum
  }

  /** The current build of every image that has one. */
  async findBuilt() {
    const builds = await Promise.all((await this.list()).map((image) => image.findBuilt()))
    return builds.filter((built) => built !== undefined)
  }

  /** @throws {PermanentError} machine.image_unknown, machine.image_broken */
  async requireImage(name: string) {
    const image = (await this.list()).find(({ facts }) => facts.name === name)
    if (!image) throw imageUnknown(name)
    if (image.facts.problem) throw imageBroken(name, image.facts.problem)
    return image
  }
}
