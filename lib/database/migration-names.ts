import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { projectPath } from '../process/project-path'

export const MIGRATIONS_DIR = projectPath('prisma/migrations')

/** Names of the migrations on disk, oldest first. */
export const listMigrations = () =>
  readdirSync(MIGRATIONS_DIR)
    .filter((name) => existsSync(path.join(MIGRATIONS_DIR, name, 'migration.sql')))
    .sort()
