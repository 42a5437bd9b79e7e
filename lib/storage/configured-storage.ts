import path from 'node:path'
import { config } from '../config/config'
import { createLocalStorage } from './local-storage'

/** The storage that the configuration selects. */
export const configuredStorage = () => createLocalStorage(path.join(config().DATA_DIR, 'storage'))
