import type { NextConfig } from 'next'
import { PHASE_PRODUCTION_SERVER } from 'next/constants'
import { listBuilds } from './scripts/web-build.mjs'

const config = (phase: string): NextConfig => ({
  // Every build is kept in a folder of its own, so that one that is made beside a running server leaves it its files.
  distDir: (phase === PHASE_PRODUCTION_SERVER && listBuilds()[0]) || '.next',
  poweredByHeader: false,
  serverExternalPackages: [
    'pg',
    'pg-boss',
    'pino',
    '@prisma/client',
    '@prisma/adapter-pg',
    'better-auth',
    '@better-auth/api-key',
    'file-type',
  ],
  // Types are checked by `npm test`; a start on a fresh machine need not wait for it.
  typescript: { ignoreBuildErrors: true },
})

export default config
