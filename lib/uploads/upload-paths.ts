import path from 'node:path'
import { config } from '../config/config'

/** Directory of unfinished uploads, where the storage is local. */
export const uploadsDir = () => path.join(config().DATA_DIR, 'uploads')

/** The data of an upload that is received through tus. */
export const uploadDataFile = (id: string) => path.join(uploadsDir(), id)

/** The data of a file that a worker fetches, by how often it has begun to. */
export const importDataFile = (id: string, generation: number) => `${uploadDataFile(id)}.${generation}`

/** The metadata file of the tus server. */
export const uploadInfoFile = (id: string) => path.join(uploadsDir(), `${id}.json`)
