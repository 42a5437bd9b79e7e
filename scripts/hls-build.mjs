// Builds hls.js from its published source without what the player does not use, which halves it.
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
 * What its switches retain: formats other than fragmented MP4, which every segment has, timed metadata, and a feature whose
 * package is not installed. hls.js accepts that each of them is undefined.
 */
const ABSENT =
  /\/(?:aacdemuxer|ac3-demuxer|mp3demuxer|tsdemuxer|mp4-remuxer|id3-track-controller|cmcd-controller)$/
const IMPORTERS = /\/(?:transmuxer|config)\.ts$/

const replaceModules = {
  name: 'replace modules',
  setup(build) {
    build.onResolve({ filter: ABSENT }, ({ path, importer }) =>
      IMPORTERS.test(importer) ? { path, namespace: 'absent' } : undefined,
    )
    build.onLoad({ filter: /./, namespace: 'absent' }, () => ({ contents: 'export default undefined' }))
    // A polyfill of what every browser has.
    build.onLoad({ filter: /\/vttcue\.ts$/ }, () => ({ contents: 'export default globalThis.VTTCue' }))
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
