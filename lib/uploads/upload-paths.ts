import path from 'node:path'
import { config } from '../config/config'

/** Directory of unfinished uploads. */
export const uploadsDir = () => path.join(config().DATA_DIR, 'uploads')

/** Files that may contain the data of an upload: received through tus, or as the body of one request. */
export const uploadDataFiles = (id: string) =>
  [id, uploadPartName(id)].map((name) => path.join(uploadsDir(), name))

/** The metadata file of the tus server. */
export const uploadInfoFile = (id: string) => path.join(uploadsDir(), `${id}.json`)

export const uploadPartName = (id: string) => `${id}.part`
