import path from 'node:path'
import { config } from '../config'
import { localStorage } from './local'

/** The storage that the settings choose. */
export const storage = () => localStorage(path.join(config().DATA_DIR, 'storage'))
