import type pg from 'pg'

/** The role of web and worker in the embedded Postgres. */
export const APP_ROLE = 'meanwhile_app'

/** Creates the role of web and worker, without rights of its own, and sets its password. Idempotent. */
export async function setUpAppRole(client: pg.Client, password: string) {
  const { rowCount } = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [APP_ROLE])
  const attributes = 'LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS'
  await client.query(
    `${rowCount ? 'ALTER' : 'CREATE'} ROLE ${APP_ROLE} ${attributes} PASSWORD ${client.escapeLiteral(password)}`,
  )
}

/**
 * Allows `role` to read and write rows, not to change tables, the list of migrations, or audit entries. Idempotent.
 */
export async function grantTables(client: pg.Client, role: string) {
  const name = client.escapeIdentifier(role)
  const schemas = 'public, pgboss'
  await client.query(`GRANT USAGE ON SCHEMA ${schemas} TO ${name}`)
  await client.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schemas} TO ${name}`)
  await client.query(`GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA ${schemas} TO ${name}`)
  await client.query(`REVOKE INSERT, UPDATE, DELETE ON _prisma_migrations FROM ${name}`)
  await client.query(`REVOKE UPDATE ON audit_entry FROM ${name}`)
  // pg-boss rebuilds bloated indexes.
  if (await canGrantMaintenance(client))
    await client.query(`GRANT MAINTAIN ON ALL TABLES IN SCHEMA pgboss TO ${name}`)
}

/** The privilege exists since Postgres 17. */
async function canGrantMaintenance(client: pg.Client) {
  const { rows } = await client.query<{ version: number }>(
    `SELECT current_setting('server_version_num')::int AS version`,
  )
  return rows[0]!.version >= 170_000
}
