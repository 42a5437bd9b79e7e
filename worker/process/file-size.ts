import { stat } from 'node:fs/promises'

/** The size of a file; 0 if it does not exist. */
export const readFileSizeBytes = (file: string) =>
  stat(file).then(
    ({ size }) => size,
    () => 0,
  )
