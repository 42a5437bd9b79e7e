import { stat } from 'node:fs/promises'

/** How many bytes a file holds; none where there is no file. */
export const readFileSizeBytes = (file: string) =>
  stat(file).then(
    ({ size }) => size,
    () => 0,
  )
