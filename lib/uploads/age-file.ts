/** The first bytes of a file that is encrypted by age (https://age-encryption.org/v1). */
export const AGE_MAGIC = Buffer.from('age-encryption.org/v1\n')

/** Whether an upload of this name is an encrypted archive instead of media. */
export const isArchiveName = (filename: string) => /\.age$/i.test(filename)
