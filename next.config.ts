import type { NextConfig } from 'next'
import { PHASE_PRODUCTION_BUILD, PHASE_PRODUCTION_SERVER } from 'next/constants'
import { HLS_BUILD } from './scripts/hls-build.mjs'
import { listBuilds } from './scripts/web-build.mjs'

const config = (phase: string): NextConfig => ({
  // Each build has its own folder, so that a new build does not replace the files of a running server.
  distDir: (phase === PHASE_PRODUCTION_SERVER && listBuilds()[0]) || '.next',
  poweredByHeader: false,
  experimental: {
    globalNotFound: true,
    // Services have no permission to write into the installation. What is cached fits into memory.
    isrFlushToDisk: false,
  },
  ...(phase === PHASE_PRODUCTION_BUILD && {
    turbopack: { resolveAlias: { 'hls.js': HLS_BUILD, 'hls.js/dist/hls.mjs': HLS_BUILD } },
  }),
  // No page uses it, and anyone could let it work.
  images: { unoptimized: true },
  serverExternalPackages: [
    'pg',
    'pg-boss',
    'pino',
    '@prisma/client',
    '@prisma/adapter-pg',
    'better-auth',
    '@better-auth/api-key',
    'file-type',
    '@aws-sdk/client-s3',
    '@aws-sdk/lib-storage',
    '@aws-sdk/s3-request-presigner',
  ],
  // `npm test` checks types; skipping them here shortens the first start.
  typescript: { ignoreBuildErrors: true },
})

export default config
