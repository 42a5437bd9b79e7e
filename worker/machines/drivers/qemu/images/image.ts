import type { ImageFacts, OnStage } from '@/worker/machines/hypervisor'
import type { BootSource } from '../state/machine-files'

/** An image that can be the backing file of machine disks. */
export interface BuiltImage {
  /** Changes whenever the content changes. */
  version: string
  /** Path of a qcow2 file that is never written to again. */
  disk: string
  diskMiB: number
  /** Backing files of that disk, nearest first. */
  backing: string[]
  bootFrom: BootSource
}

/** An entry of the image catalog. */
export interface Image {
  facts: Omit<ImageFacts, 'kind'>
  /** Boots slowly, so that its first machine waits for a template, too. */
  isSlowToBoot?: boolean
  /** Provided by the administrator. It may lack the agent, which shows only when a machine boots from it. */
  isCustom?: boolean
  /** The current build; undefined when it has to be built first. Does not verify the files. */
  findBuilt(): Promise<BuiltImage | undefined>
  /**
   * Returns the current build, or builds the image. Concurrent calls share the build; an abort stops it once all callers
   * have aborted.
   * @throws {PermanentError} machine.image_broken, machine.no_room
   * @throws {RetryLater} when too many callers wait for the build already
   */
  build(on: { signal: AbortSignal; onStage?: OnStage }): Promise<BuiltImage>
}
