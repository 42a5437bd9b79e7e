import { createReadStream, createWriteStream } from 'node:fs'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import type { Manifest } from './manifest'

interface Table {
  name: string
  columns: string[]
}

const quote = (name: string) => `"${name.replaceAll('"', '""')}"`
const formatTarget = ({ name, columns }: Table) => `${quote(name)} (${columns.map(quote).join(', ')})`

/** Lists the tables of the app with their stored columns, each after the tables that it references. */
export async function listTables(client: pg.Client): Promise<Table[]> {
  const { rows: tables } = await client.query<Table>(`
    SELECT table_name AS name, json_agg(column_name ORDER BY ordinal_position) AS columns
    FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
    WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND is_generated = 'NEVER'
      AND table_name <> '_prisma_migrations' GROUP BY table_name ORDER BY table_name`)
  const { rows: references } = await client.query<{ child: string; parent: string }>(`
    SELECT child.relname AS child, parent.relname AS parent FROM pg_constraint
    JOIN pg_class child ON child.oid = conrelid JOIN pg_class parent ON parent.oid = confrelid
    WHERE contype = 'f' AND connamespace = 'public'::regnamespace AND conrelid <> confrelid`)
  const sorted: Table[] = []
  const visit = (table: Table) => {
    if (sorted.includes(table)) return
    for (const { child, parent } of references)
      if (child === table.name) visit(tables.find(({ name }) => name === parent)!)
    sorted.push(table)
  }
  tables.forEach(visit)
  return sorted
}

/** Writes the rows of a table to a file in the COPY text format of Postgres. Returns the number of rows. */
export async function exportTable(client: pg.Client, table: Table, file: string) {
  const copy = client.query(copyTo(`COPY ${formatTarget(table)} TO STDOUT`))
  await pipeline(copy, createWriteStream(file))
  return copy.rowCount
}

/**
 * Loads the tables of a backup into a schema with the same migrations, inside the caller's transaction. Triggers of the
 * app do not run, so that versions and timestamps are preserved.
 */
export async function importTables(client: pg.Client, dir: string, { tables, deletedVideoIds }: Manifest) {
  for (const { name } of tables) await client.query(`ALTER TABLE ${quote(name)} DISABLE TRIGGER USER`)
  // Removes the rows that migrations insert.
  await client.query(`TRUNCATE ${tables.map(({ name }) => quote(name)).join(', ')}`)
  for (const table of tables) {
    await pipeline(
      createReadStream(path.join(dir, table.path)),
      client.query(copyFrom(`COPY ${formatTarget(table)} FROM STDIN`)),
    )
  }
  await client.query('DELETE FROM video WHERE id = ANY($1::uuid[])', [deletedVideoIds])
  // The transaction IDs are those of another server; the task feed would skip rows until this one reaches them.
  await client.query('UPDATE task SET "changedIn" = 0')
  for (const { name } of tables) {
    // Checks foreign keys now: a table with pending checks cannot be altered.
    await client.query('SET CONSTRAINTS ALL IMMEDIATE')
    await client.query(`ALTER TABLE ${quote(name)} ENABLE TRIGGER USER`)
  }
  await advanceSequences(client)
}

async function advanceSequences(client: pg.Client) {
  const { rows } = await client.query<{ table: string; column: string; sequence: string }>(`
    SELECT table_name AS "table", column_name AS "column",
      pg_get_serial_sequence(quote_ident(table_name), column_name) AS sequence
    FROM information_schema.columns WHERE table_schema = 'public'
      AND pg_get_serial_sequence(quote_ident(table_name), column_name) IS NOT NULL`)
  for (const { table, column, sequence } of rows)
    await client.query(`SELECT setval('${sequence}', max(${quote(column)})) FROM ${quote(table)}`)
}
