import type { ImageFacts, OnStage } from '@/worker/machines/hypervisor'
import type { BootSource } from '../state/machine-folders'

/** An image that is ready to be the lowest disk of machines. */
export interface BuiltImage {
  /** Changes whenever the content does. */
  version: string
  /** Path of a qcow2 file that nobody writes to any more. */
  disk: string
  diskMiB: number
  /** Images below that disk, nearest first. */
  backing: string[]
  bootFrom: BootSource
}

/** One entry of the catalogue. */
export interface Image {
  facts: ImageFacts
  /** It boots slowly enough that its first machine, too, is better started from a template. */
  isSlowToBoot?: boolean
  /** Of the administrator: whether it brings the agent nobody knows until a machine of it answers. */
  isCustom?: boolean
  /** What machines are made of now; undefined where it has to be made first. Nothing is checked. */
  findBuilt(): Promise<BuiltImage | undefined>
  /**
   * Makes it, or finds it made. Two that ask share the work.
   * @throws {PermanentError} machine.image_broken
   */
  build(on: { signal: AbortSignal; onStage?: OnStage }): Promise<BuiltImage>
}
