// Builds the web app for production. Runs before anything is installed, so it imports only modules of Node.js.
import { cpSync, existsSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress } from 'node:zlib'
import { buildHls } from './hls-build.mjs'
import {
  binPath,
  hashFiles,
  print,
  removeOldBuilds,
  root,
  runCommand,
  sortBuilds,
  touchBuild,
  withPinnedNode,
} from './setup.mjs'

/**
 * Builds the web app if its sources changed, and returns the build folder. Each build has a separate folder, so that a
 * running server can still read the files of its build. The last three builds are retained.
 */
export async function buildWeb() {
  const sources = [
    'app',
    'lib',
    'lib/generated',
    'messages',
    'public',
    'next.config.ts',
    'postcss.config.mjs',
    'tsconfig.json',
    'prisma/schema.prisma',
    'scripts/web-build.mjs',
    'scripts/hls-build.mjs',
    'package-lock.json',
  ]
  const dir = `.next-${hashFiles(sources).slice(0, 12)}`
  if (existsSync(path.join(root, dir, 'BUILD_ID'))) {
    touchBuild(dir)
    return dir
  }
  print('Building the web app …')
  await buildHls()
  await runCommand(binPath('next'), ['build'], {
    env: withPinnedNode({ ...process.env, NODE_ENV: 'production' }),
  })
  const draft = path.join(root, `${dir}.draft`)
  rmSync(draft, { recursive: true, force: true })
  const isIncluded = (file) => file !== path.join(root, '.next', 'cache')
  cpSync(path.join(root, '.next'), draft, { recursive: true, verbatimSymlinks: true, filter: isIncluded })
  await compressStaticFiles(draft)
  rmSync(path.join(root, dir), { recursive: true, force: true })
  renameSync(draft, path.join(root, dir))
  removeOldBuilds(listBuilds())
  return dir
}

/** Writes a Brotli copy beside each script and style, for `createStaticHandler`. */
async function compressStaticFiles(dir) {
  const names = readdirSync(path.join(dir, 'static'), { recursive: true })
  const compress = async (name) => {
    const file = path.join(dir, 'static', name)
    await writeFile(`${file}.br`, await promisify(brotliCompress)(await readFile(file)))
  }
  await Promise.all(names.filter((name) => /\.(?:js|css)$/.test(name)).map(compress))
}

/** Build folders, newest first. */
export function listBuilds() {
  const names = readdirSync(root).filter((name) => existsSync(path.join(root, name, 'BUILD_ID')))
  return sortBuilds(names.filter((name) => name.startsWith('.next-')))
}
