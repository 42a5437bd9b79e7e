/** Joins class names. Where a caller replaces a utility of a primitive, its own ends with `!`. */
export { cx as cn } from 'class-variance-authority'
