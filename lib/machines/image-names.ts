import type { MachineImageDto } from './schema'

type Named = Pick<MachineImageDto, 'name' | 'aliases'>

/** Whether `wanted` is one of the names of an image. */
export const isImageNamed = ({ name, aliases }: Named, wanted: string) =>
  name === wanted || aliases.includes(wanted)

/** The image of this name; one that has it as an alias if there is none. */
export const findImageNamed = <Image extends Named>(images: readonly Image[], wanted: string) =>
  images.find(({ name }) => name === wanted) ?? images.find((image) => isImageNamed(image, wanted))
