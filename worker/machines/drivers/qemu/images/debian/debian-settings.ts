export interface DebianSettings {
  /** URL of a qcow2 file; `SHA512SUMS` must be in the same folder. */
  imageUrl: string
  /** `auto` downloads the image, or builds it when the host of the URL is unreachable. */
  source: 'auto' | 'download' | 'build'
}

/** The default: builds the image and downloads none. */
export const BUILD_ONLY: DebianSettings = { imageUrl: '', source: 'build' }
