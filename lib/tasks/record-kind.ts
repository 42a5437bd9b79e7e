/** A kind of tasks that are written when they have ended: work that failed before it could be enqueued. No worker executes them. */
export interface RecordKind {
  /** Stored with every task; never changes once released. */
  name: string
  /** Shown to users in their language, such as "Uploading". */
  label(): string
}
