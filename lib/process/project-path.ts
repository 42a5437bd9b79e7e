import { findPackageJSON } from 'node:module'
import path from 'node:path'

const root = path.dirname(findPackageJSON(import.meta.url)!)

/** The absolute path of a file given relative to the project root, from source as well as from the compiled code in dist/. */
export const projectPath = (file: string) => path.join(root, file)
