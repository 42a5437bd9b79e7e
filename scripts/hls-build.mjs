// Builds hls.js from its published source without what the player does not use, which halves it.
import { readFile } from 'node:fs/promises'
import { root } from './setup.mjs'

export const HLS_BUILD = './node_modules/.meanwhile/hls.mjs'

/** The switches of its own build (build-config.js); captions are added by the player itself. */
const FEATURES = {
  ALT_AUDIO: true,
  MEDIA_CAPABILITIES: true,
  CMCD: false,
  CONTENT_STEERING: false,
  EME_DRM: false,
  IFRAMES: false,
  INTERSTITIALS: false,
  M2TS_ADVANCED_CODECS: false,
  SUBTITLES: false,
  VARIABLE_SUBSTITUTION: false,
}

/**
 * What its switches retain: formats other than fragmented MP4, which every segment has, timed metadata, limits of the quality
 * that are off, and a feature whose package is not installed. hls.js accepts that each of them is undefined.
 */
const ABSENT =
  /\/(?:aacdemuxer|ac3-demuxer|mp3demuxer|tsdemuxer|mp4-remuxer|id3-track-controller|cmcd-controller|cap-level-controller|fps-controller)$/
const IMPORTERS = /\/(?:transmuxer|config)\.ts$/

/** Modules of which nothing is used but what is called for every segment, and what they are replaced by. */
const STUBS = {
  // A polyfill of what every browser has.
  vttcue: 'export default globalThis.VTTCue',
  // No segment is encrypted.
  decrypter: 'export default class { destroy() {} }',
  'key-loader': 'export default class { abort() {} destroy() {} loadClear() { return null } }',
  // Segments are requested with XMLHttpRequest, unless their bytes are to be decoded before all have arrived.
  'fetch-loader': 'export default undefined; export const fetchSupported = () => false',
  // The part that fragmented MP4 shares with other formats reads timed metadata and captions within the video.
  'mp4-remuxer':
    'const ignore = () => undefined; export { ignore as flushTextTrackMetadataCueSamples, ignore as flushTextTrackUserdataCueSamples, ignore as normalizePts }',
}
const STUBBED = new RegExp(`/(${Object.keys(STUBS).join('|')})\\.ts$`)

/** Calls of a logger, which discards all of them unless debugging is on. */
const LOG_CALL = /(?<![\w.])(?:this\.|(?:this\.)?(?:hls\.)?logger\??\.)(?:debug|info|log|trace|warn)\(/g

const replaceModules = {
  name: 'replace modules',
  setup(build) {
    build.onResolve({ filter: ABSENT }, ({ path, importer }) =>
      IMPORTERS.test(importer) ? { path, namespace: 'absent' } : undefined,
    )
    build.onLoad({ filter: /./, namespace: 'absent' }, () => ({ contents: 'export default undefined' }))
    build.onLoad({ filter: STUBBED }, ({ path }) => ({ contents: STUBS[STUBBED.exec(path)[1]] }))
    build.onLoad({ filter: /\/hls\.js\/src\/.+\.ts$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replace(LOG_CALL, 'false && $&'),
      loader: 'ts',
    }))
  },
}

export async function buildHls() {
  // Imported here because the setup scripts load this module before packages are installed.
  const { build } = await import('esbuild')
  const { default: hls } = await import('hls.js/package.json', { with: { type: 'json' } })
  const flags = Object.entries(FEATURES).map(([name, isUsed]) => [`__USE_${name}__`, String(isUsed)])
  await build({
    absWorkingDir: root,
    entryPoints: ['node_modules/hls.js/src/hls.ts'],
    outfile: HLS_BUILD,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    // Removes the calls of loggers.
    minifySyntax: true,
    define: {
      ...Object.fromEntries(flags),
      __VERSION__: JSON.stringify(hls.version),
      __IN_WORKER__: 'false',
      __HLS_WORKER_BUNDLE__: 'undefined',
    },
    plugins: [replaceModules],
    logLevel: 'warning',
  })
}
