import type { ImageFacts, OnStage } from '../hypervisor'
import type { BootFrom } from '../qemu/machine-folder'

/** An image that is ready to be the lowest disk of machines. */
export interface BuiltImage {
  /** Changes whenever the content does. */
  version: string
  /** Path of a qcow2 file that nobody writes to any more. */
  disk: string
  diskMiB: number
  /** Images below that disk, nearest first. */
  backing: string[]
  bootFrom: BootFrom
}

/** One entry of the catalogue. */
export interface Image {
  facts: ImageFacts
  /**
   * Makes it, or finds it made. Two that ask share the work.
   * @throws {PermanentError} machine.image_broken
   */
  build(on: { signal: AbortSignal; onStage?: OnStage }): Promise<BuiltImage>
}
