import path from 'node:path'
import { config } from '../config/config'
import { createLocalStorage } from './local-storage'

/** The storage that the settings choose. */
export const configuredStorage = () => createLocalStorage(path.join(config().DATA_DIR, 'storage'))
