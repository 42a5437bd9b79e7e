/** Joins class names; of two that set the same property the later wins. */
export { twMerge as cn } from 'tailwind-merge'
