export interface DebianSettings {
  /** Address of a qcow2 file, with `SHA512SUMS` beside it. */
  imageUrl: string
  /** `auto` downloads where that address answers, else builds. */
  source: 'auto' | 'download' | 'build'
}

/** Where nothing is set: nothing is downloaded. */
export const BUILD_ONLY: DebianSettings = { imageUrl: '', source: 'build' }
